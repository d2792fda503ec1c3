"""Who could do what on a past day, from the ledger alone."""

from datetime import datetime, timedelta

import pytest

from pliego.authority import configuring, delegating, history
from pliego.authority.rules import UnitData
from pliego.authority.tests import given
from pliego.kernel.calendar import calendar
from pliego.parties import access
from pliego.parties.models import Appointment, Membership
from pliego.parties.tests import given as parties

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at: datetime) -> parties.Cast:
    return parties.cast(at=at)


def held(cast: parties.Cast, name: str, when: datetime) -> set[tuple[str, tuple[str, ...]]]:
    spans = history.on_day(history.spans_of(cast.entity), calendar.day_of(when))
    return {(span.source, span.roles) for span in spans if span.person == cast.person(name).code}


class TestReport:
    def test_tells_each_change_apart(self, cast: parties.Cast, at: datetime) -> None:
        day = timedelta(days=1)
        parties.join(cast.entity, "hugo", ["treasurer", "supervisor"], by="beto", at=at + 2 * day)
        profile = given.profile(cast.beto, at + 4 * day, people=(given.code("hugo"),))
        given.delegation(cast.beto, "hugo", at + 6 * day, ends_at=at + 8 * day)
        configuring.delete_profile(actor=cast.beto, code=profile.code, at=at + 10 * day)
        place = Membership.objects.get(user=cast.person("hugo"), account=cast.entity)
        access.end_access(actor=cast.beto, membership_id=place.pk, at=at + 12 * day)

        both = ("membership", ("supervisor", "treasurer"))
        first, evaluates = ("membership", ("treasurer",)), ("profile", ("evaluator",))
        assert [held(cast, "hugo", at + n * day) for n in (1, 3, 5, 7, 9, 11, 13)] == [
            {first},
            {both},
            {both, evaluates},
            {both, evaluates, ("delegation", ("approver",))},
            {both, evaluates},
            {both},
            set(),
        ]

    def test_knows_the_founder_from_the_first_act(self, cast: parties.Cast, at: datetime) -> None:
        assert ("membership", ("administrator",)) in held(cast, "beto", at)

    def test_knows_whom_two_people_made_administrator(self, cast: parties.Cast, at: datetime) -> None:
        place = Membership.objects.get(user=cast.person("hugo"), account=cast.entity)
        access.set_roles(actor=cast.beto, membership_id=place.pk, roles=["treasurer", "administrator"], at=at)
        appointment = Appointment.objects.get(state="proposed")
        access.confirm_administrator(actor=cast.ines, appointment_id=appointment.pk, at=at + timedelta(days=2))

        roles = [held(cast, "hugo", at + timedelta(days=n)) for n in (1, 3)]
        assert roles == [{("membership", ("treasurer",))}, {("membership", ("administrator", "treasurer"))}]

    def test_says_from_when_to_when_a_revoked_delegation_counted(self, cast: parties.Cast, at: datetime) -> None:
        kept = given.delegation(cast.beto, "hugo", at)
        delegating.revoke_delegation(actor=cast.beto, delegation_id=kept.pk, at=at + timedelta(hours=3))

        spans = [span for span in history.spans_of(cast.entity) if span.source == "delegation"]

        assert [(span.which, span.since, span.until) for span in spans] == [(kept.code, at, at + timedelta(hours=3))]

    def test_a_delegation_revoked_before_it_began_was_never_held(self, cast: parties.Cast, at: datetime) -> None:
        kept = given.delegation(cast.beto, "hugo", at, starts_at=at + timedelta(days=1))
        delegating.revoke_delegation(actor=cast.beto, delegation_id=kept.pk, at=at)

        assert not [span for span in history.spans_of(cast.entity) if span.source == "delegation"]

    def test_follows_people_into_and_out_of_units(self, cast: parties.Cast, at: datetime) -> None:
        def unit(people: tuple[str, ...], when: datetime, reference: str = "JUR") -> None:
            data = UnitData("JUR", "Jurídica", people=people)
            configuring.save_unit(actor=cast.beto, data=data, at=when, reference=reference)

        unit((given.code("hugo"),), at, "")
        given.profile(cast.beto, at + timedelta(days=1), units=("JUR",))
        unit((), at + timedelta(days=3))

        days = [("profile", ("evaluator",)) in held(cast, "hugo", at + timedelta(days=n)) for n in (0, 2, 4)]
        assert days == [False, True, False]
