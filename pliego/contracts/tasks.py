"""Jobs of the contracts: signed copies that could not be made the moment of the signature."""

from procrastinate.contrib.django import app

from pliego.contracts import services
from pliego.contracts.models import Contract
from pliego.kernel import clock
from pliego.ledger.seal import NoSeal

AT_ONCE = 200


@app.periodic(cron="*/10 * * * *")
@app.task(name="contracts.write_missing_copies", queue="housekeeping", queueing_lock="contracts.write_missing_copies")
def write_missing_copies(timestamp: int) -> None:
    """Make the copy with both signatures of the contracts that lack it, the oldest first."""
    waiting = Contract.objects.public().filter(signed_document=None).order_by("pk")[:AT_ONCE]
    for contract_id in waiting.values_list("pk", flat=True):
        try:
            services.write_signed_copy(contract_id=contract_id, at=clock.now())
        except NoSeal:
            return
