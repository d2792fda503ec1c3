"""What is told afterwards of who could edit what by a team."""

from datetime import datetime, timedelta

import pytest

from pliego.authority import history
from pliego.authority.tests import given as authority
from pliego.kernel.calendar import calendar
from pliego.parties import access
from pliego.parties.models import Membership
from pliego.teams import services as teams
from pliego.teams.rules import MemberData
from pliego.teams.tests import given
from tests.teams.conftest import House

pytestmark = pytest.mark.django_db


class TestWhoCouldDoWhat:
    def test_tells_which_sections_each_person_edited_by_each_team(self, house: House, at: datetime) -> None:
        day = timedelta(days=1)
        group = authority.group(house.beto, at, ["pablo"])
        team = house.team(given.person("ana", "general"), MemberData(group=group.code, edits=("schedule",)))
        teams.set_member(actor=house.beto, code=team.code, member=given.person("ana", "documents"), at=at + 2 * day)
        place = Membership.objects.get(user_id=house.pablo.user_id, account=house.account)
        access.end_access(actor=house.beto, membership_id=place.pk, at=at + 4 * day)
        teams.rename_team(actor=house.beto, code=team.code, name="Compras", is_active=False, at=at + 6 * day)

        found = [self.on(house, at + n * day) for n in (1, 3, 5, 7)]

        ana, pablo = given.code("ana"), given.code("pablo")
        assert found == [
            {ana: ("process.general",), pablo: ("process.schedule",)},
            {ana: ("process.documents",), pablo: ("process.schedule",)},
            {ana: ("process.documents",)},
            {},
        ]

    def test_ends_when_the_account_stops_working_with_teams(self, house: House, at: datetime) -> None:
        house.team()
        given.on(house.beto, at + timedelta(days=1), is_on=False)

        assert not self.on(house, at + timedelta(days=2))

    def test_names_the_sections(self, house: House, at: datetime) -> None:
        house.team(given.person("ana", "general"))

        spans = [span for span in history.spans_of(house.account) if span.source == "team"]

        assert [str(title) for span in spans for title in span.role_titles] == [
            "Procesos: Información general y presupuesto"
        ]
        assert [(str(span.source_title), span.which) for span in spans] == [("Equipo", "Compras")]

    def on(self, house: House, when: datetime) -> dict[str, tuple[str, ...]]:
        spans = history.on_day(history.spans_of(house.account), calendar.day_of(when))
        return {span.person: span.roles for span in spans if span.source == "team"}
