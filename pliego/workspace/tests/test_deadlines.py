from datetime import date, timedelta

import pytest

from pliego.accounts.models import User
from pliego.contracts.tests import given as contracts
from pliego.execution.tests import given as execution
from pliego.kernel.calendar import calendar
from pliego.kernel.todo import Deadline
from pliego.workspace import deadlines
from pliego.workspace.deadlines import Asked, chosen, urgency_of

TODAY = date(2026, 3, 2)


def row(on=TODAY, kind="contract", contract="PLG.CTO.1", **more):
    told = {"title": "Aseo", "about": "", "page": "execution:contract", "args": (contract,)}
    return Deadline(kind, on, contract, **{**told, **more})


class TestUrgency:
    @pytest.mark.parametrize(
        ("days", "expected"),
        [(-400, "overdue"), (-1, "overdue"), (0, "week"), (7, "week"), (8, "month"), (30, "month"), (31, "later")],
    )
    def test_goes_by_the_days_that_are_left(self, days, expected):
        assert urgency_of(TODAY + timedelta(days=days), TODAY) == expected


class TestChosen:
    def test_keeps_to_what_is_asked_and_an_unknown_word_asks_for_all(self, at):
        rows = [row(TODAY - timedelta(days=1)), row(kind="delivery", about="1. Mitad"), row(contract="PLG.CTO.2")]

        def kept(*asked):
            return [rows.index(one) for one in chosen(rows, Asked(*asked), at)]

        assert (kept("overdue"), kept("", "delivery"), kept("", "", "mitad")) == ([0], [1], [1])
        assert (kept("week", "contract"), kept("", "", "cto.2"), kept("x", "y")) == ([2], [2], [0, 1, 2])


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture
    def house(self, at):
        return contracts.house(at)

    @pytest.fixture
    def desk(self, client_for, house, at):
        contract = contracts.running(at, house, covers=("performance",))
        execution.followed(contract, house, at)
        contract.deliveries.filter(number=1).update(due_on=calendar.day_of(at) - timedelta(days=3))
        execution.sent_invoice(contract, house, at)
        desk = client_for(User.objects.get(pk=house.gloria.user_id), house.buyer.account)
        desk.contract = contract
        return desk

    def test_has_everything_with_a_date_of_what_one_supervises(self, desk, at, house):
        contract = desk.contract
        page = desk.get("/escritorio/vencimientos/").content.decode()
        told = [(row.kind, row.on) for row in deadlines.every(actor=house.gloria, at=at)]
        csv = b"".join(desk.get("/escritorio/vencimientos/?formato=csv")).decode()
        ics = desk.get("/escritorio/vencimientos/?formato=ics&clase=contract").content.decode()
        api = desk.get("/api/v1/deadlines?urgency=overdue").json()
        guarantee = contract.guarantees.get()

        assert told == [
            ("delivery", calendar.day_of(at) - timedelta(days=3)),
            ("invoice", calendar.day_of(at)),
            *sorted([("contract", contract.ends_on), ("guarantee", guarantee.ends_on)], key=lambda one: one[1]),
        ]
        assert ("1. Mitad" in page, guarantee.policy_number in page, contract.code in page) == (True, True, True)
        assert [line.split(",")[3] for line in csv.splitlines()[1:]] == [kind for kind, _on in told]
        assert (ics.count("BEGIN:VEVENT"), f"DTSTART;VALUE=DATE:{contract.ends_on:%Y%m%d}" in ics) == (1, True)
        assert [(one["kind"], one["urgency"]) for one in api] == [("delivery", "overdue")]
        assert deadlines.every(actor=house.beto, at=at) == []
        began, resumes = calendar.day_of(at), calendar.day_of(at) + timedelta(days=20)
        type(contract).objects.filter(pk=contract.pk).update(suspended_on=began, resumes_on=resumes)
        told = {row.kind: row.on for row in deadlines.every(actor=house.gloria, at=at)}
        assert (told["resumption"], told["contract"]) == (resumes, contract.ends_on + timedelta(days=20))

    def test_asks_the_database_no_more_for_more_rows(self, desk, house, at, django_assert_max_num_queries):
        contract = desk.contract
        desk.get("/escritorio/vencimientos/")
        first = contract.deliveries.get(number=1)
        for number in range(10, 60):
            first.pk, first.number = None, number
            first.save(force_insert=True)
        execution.sent_invoice(contract, house, at, number="F-2")

        with django_assert_max_num_queries(18):
            page = desk.get("/escritorio/vencimientos/").content.decode()

        assert "?page=2" in page
