"""Nothing contradicts itself, whatever the order in which the steps of acts at one moment come; planted bugs do."""

import pytest

from pliego.bidding.tests.races import World, race
from pliego.tendering.models import Tender

ROUNDS = 200  # ten thousand: python -m benchmarks race
AT_MOST = 1000  # to find a lock that is not taken; one of two openers shows in some three of a hundred


def unheld(tender_id):
    return Tender.objects.select_related("buyer").get(pk=tender_id)


PLANTED = [  # a lock that is not taken, and the race in which that shows
    ("services.held_open", unheld, "close against submit"),
    ("services.held_open", unheld, "withdraw against open"),
    ("closing.held", unheld, "two closers"),
    ("opening.held", unheld, "two openers"),
    ("services.one_at_a_time", lambda *_who: None, "replace against replace"),
]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_acts_that_race_end_in_one_result_in_every_order_and_a_lock_that_is_not_taken_is_found(at, monkeypatch):
    world = World(at)

    figures = race(world, ROUNDS)

    print("\n".join(figures.lines))  # noqa: T201
    assert figures.rounds.total() == ROUNDS
    assert figures.found == {}
    undecided = {name for name, outcomes in figures.outcomes.items() if len(outcomes) < 2}
    assert undecided <= {"two openers", "replace against replace"}  # the others went both ways
    for lock, instead, shown_by in PLANTED:
        with monkeypatch.context() as planted:
            planted.setattr(f"pliego.bidding.{lock}", instead)
            assert race(world, AT_MOST, only=shown_by, patient=False).found, f"{lock}: not found by {shown_by}"
