"""Jobs of the contracts: drafting those of a file, and signed copies that could not be made when it was signed."""

from procrastinate.contrib.django import app

from pliego.contracts import guarantees, services, suspensions
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


@app.task(name="contracts.draft_loaded")
def draft_loaded(load_id: int) -> None:
    from pliego.contracts.loading import services as loading

    loading.carry_out(load_id=load_id)


@app.periodic(cron="* * * * *")
@app.task(name="contracts.begin_again", queue="housekeeping", queueing_lock="contracts.begin_again")
def begin_again(timestamp: int) -> None:
    """Go on with the files whose job died."""
    from pliego.contracts.loading import services as loading

    loading.begin_again(at=clock.now())


@app.periodic(cron="27 11 * * *")
@app.task(name="contracts.watch_suspensions", queue="housekeeping", queueing_lock="contracts.watch_suspensions")
def watch_suspensions(timestamp: int) -> None:
    """Each morning: the suspended contracts that should resume soon."""
    suspensions.watch(at=clock.now())


@app.periodic(cron="17 11 * * *")
@app.task(name="contracts.watch_guarantees", queue="housekeeping", queueing_lock="contracts.watch_guarantees")
def watch_guarantees(timestamp: int) -> None:
    """Each morning: the guarantees that end soon."""
    guarantees.watch(at=clock.now())
