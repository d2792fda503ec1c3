"""Jobs of the plural bidders: invitations that expired."""

from procrastinate.contrib.django import app

from pliego.consortia import services
from pliego.consortia.models import Group
from pliego.kernel import clock
from pliego.kernel.objections import Denied, Refused


@app.periodic(cron="23 * * * *")
@app.task(name="consortia.lapse_overdue", queue="housekeeping", queueing_lock="consortia.lapse_overdue")
def lapse_overdue(timestamp: int) -> None:
    """End the invitations whose term is over; one that was answered meanwhile stays as it is."""
    at = clock.now()
    for group_id in Group.objects.filter(state="invited", expires_at__lte=at).values_list("pk", flat=True):
        try:
            services.lapse(group_id=group_id, at=at)
        except (Denied, Refused):
            continue
