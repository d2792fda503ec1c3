"""Jobs of the directory: telling many accounts of one process, a hundred at a time."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(name="directory.tell", retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def tell(tender_id: int, entry_id: int, after: int = 0) -> None:
    """Tell the next accounts, and leave the rest to another job. Told twice, nobody hears twice."""
    from django.db import transaction

    from pliego.directory import services
    from pliego.ledger.models import Entry

    at = Entry.objects.values_list("at", flat=True).get(pk=entry_id)
    with transaction.atomic():
        last = services.tell_the_interested(tender_id=tender_id, entry_id=entry_id, after=after, at=at)
        if last is not None:
            tell.defer(tender_id=tender_id, entry_id=entry_id, after=last)
