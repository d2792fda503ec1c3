from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from pliego.kernel.objections import Objection, Refused
from pliego.kernel.states import Machine, Row, State

NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)


@dataclass
class Door:
    state: str = "closed"
    is_locked: bool = False
    is_stuck: bool = False


def is_locked(door, at):
    return Objection("locked", "It is locked.") if door.is_locked else None


def is_stuck(door, at):
    if door.is_stuck:
        yield Objection("stuck", "It is stuck.")
        yield Objection("swollen", "It is swollen.")


@pytest.fixture
def door_machine():
    machine = Machine(
        model="house.Door",
        title="Door",
        states=(State("closed", "Closed", "planning"), State("open", "Open", "active"), State("gone", "Gone")),
        rows=(
            Row("open", "closed", "open", (is_locked, is_stuck)),
            Row("close", "open", "closed"),
            Row("remove", ("closed", "open"), "gone", is_locked),
        ),
    )
    yield machine
    Machine.registry.remove(machine)


class TestMachine:
    def test_moves_by_its_rows(self, door_machine):
        door = Door()

        door_machine.fire(door, "open", at=NOW)

        assert door.state == "open"

    def test_refuses_with_every_objection_at_once_and_does_not_move(self, door_machine):
        door = Door(is_locked=True, is_stuck=True)

        with pytest.raises(Refused) as refused:
            door_machine.fire(door, "open", at=NOW)

        assert [o.code for o in refused.value.objections] == ["locked", "stuck", "swollen"]
        assert door.state == "closed"

    def test_refuses_a_move_that_no_row_has(self, door_machine):
        with pytest.raises(Refused, match="wrong_state"):
            door_machine.fire(Door(), "close", at=NOW)

    def test_does_not_guess_an_act_that_it_lacks(self, door_machine):
        with pytest.raises(ValueError, match="no act"):
            door_machine.objections(Door(), "paint", at=NOW)

    def test_is_empty_of_objections_when_the_act_may_happen(self, door_machine):
        assert door_machine.objections(Door(), "open", at=NOW) == []

    @pytest.mark.parametrize(
        ("state", "acts"), [("closed", {"open", "remove"}), ("open", {"close", "remove"}), ("gone", set())]
    )
    def test_tells_what_each_state_allows(self, door_machine, state, acts):
        assert {act for act in door_machine.acts if door_machine.allows(Door(state), act)} == acts

    def test_knows_itself(self, door_machine):
        assert door_machine.initial == "closed"
        assert door_machine.moves == {("closed", "open"), ("open", "closed"), ("closed", "gone"), ("open", "gone")}
        assert door_machine.choices == [("closed", "Closed"), ("open", "Open"), ("gone", "Gone")]
        assert (door_machine.label("open"), door_machine.ocds("open"), door_machine.ocds("gone")) == (
            "Open",
            "active",
            "",
        )

    def test_is_not_made_twice_for_one_field(self, door_machine):
        with pytest.raises(ValueError, match="two tables"):
            Machine(model="house.Door", title="Door", states=(State("closed", "Closed"),), rows=())

    def test_is_not_made_with_unknown_states(self):
        with pytest.raises(ValueError, match="unknown states"):
            Machine(
                model="house.Window",
                title="Window",
                states=(State("closed", "Closed"),),
                rows=(Row("open", "closed", "opened"),),
            )


class TestEveryMachine:
    @pytest.mark.parametrize("machine", Machine.registry, ids=lambda machine: machine.model)
    def test_can_reach_each_of_its_states(self, machine):
        reached = {machine.initial}
        for _state in machine.states:
            reached |= {target for source, target in machine.moves if source in reached}

        assert reached == machine.states.keys()

    @pytest.mark.parametrize("machine", Machine.registry, ids=lambda machine: machine.model)
    def test_has_one_row_for_an_act_from_a_state(self, machine):
        pairs = [(row.act, source) for row in machine.rows for source in row.sources]

        assert len(pairs) == len(set(pairs))
