"""A team is kept whole, by an administrator, in the account's file."""

from datetime import datetime
from typing import Any

import pytest

from pliego.authority import configuring
from pliego.authority.models import Flow
from pliego.authority.rules import StepData
from pliego.authority.tests import given as authority
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger.models import Entry
from pliego.parties import access
from pliego.parties.models import Membership
from pliego.parties.tests import given as parties
from pliego.teams import services
from pliego.teams.models import Member, Team
from pliego.teams.rules import MemberData, TeamData
from pliego.teams.tests import given

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(at: datetime) -> parties.Cast:
    return parties.cast(at=at)


class TestSaveTeam:
    def test_keeps_people_and_groups_with_what_they_edit(self, cast: parties.Cast, at: datetime) -> None:
        group = authority.group(cast.beto, at, ["hugo"])

        team = given.team(cast.beto, at, given.person("ana", "general"), MemberData(group=group.code))

        kept = [(member.name, member.edits) for member in team.members.all()]
        assert kept == [(cast.person("ana").full_name, ["general"]), ("Jurídica", [])]

    def test_is_an_act_that_says_all_that_it_leaves(self, cast: parties.Cast, at: datetime) -> None:
        team = given.team(cast.beto, at, given.person("ana", "general", "schedule"))

        entry = Entry.objects.get(act="team.saved")
        assert (entry.file, team.receipt) == (cast.entity.file, entry)
        told = entry.content["data"]
        assert (told["scope"], told["name"], told["is_active"]) == ("process", "Compras", True)
        assert told["members"] == [{"person": given.code("ana"), "group": "", "edits": ["general", "schedule"]}]

    @pytest.mark.parametrize(
        ("data", "refusal"),
        [
            (TeamData(" "), "missing"),
            (TeamData("Otro", members=(MemberData(),)), "nobody"),
            (TeamData("Otro", members=(MemberData(person="NADIE"),)), "person_unknown"),
            (TeamData("Otro", members=(MemberData(group="NINGUNO"),)), "group_unknown"),
            (TeamData("Compras"), "name_taken"),
        ],
    )
    def test_is_refused(self, cast: parties.Cast, at: datetime, data: TeamData, refusal: str) -> None:
        given.team(cast.beto, at)

        with pytest.raises(Refused, match=refusal):
            services.save_team(actor=cast.beto, data=data, scope="process", at=at)

    def test_is_refused_with_sections_that_are_not_of_its_scope(self, cast: parties.Cast, at: datetime) -> None:
        with pytest.raises(Refused, match="section_unknown"):
            given.team(cast.beto, at, given.person("ana", "needs"))

    def test_is_refused_with_one_person_twice(self, cast: parties.Cast, at: datetime) -> None:
        with pytest.raises(Refused, match="member_twice"):
            given.team(cast.beto, at, given.person("ana", "general"), given.person("ana"))

    def test_is_denied_to_whoever_does_not_administer(self, cast: parties.Cast, at: datetime) -> None:
        for act in (
            lambda: services.save_team(actor=cast.ana, data=TeamData("Compras"), scope="process", at=at),
            lambda: services.set_switch(actor=cast.ana, scope="process", is_on=True, at=at),
        ):
            with pytest.raises(Denied):
                act()

    def test_is_nothing_to_a_supplier_nor_of_another_account(self, cast: parties.Cast, at: datetime) -> None:
        team = given.team(cast.beto, at)
        other = parties.entity("Gobernación de Valle Lejano", "999900009", at=at)
        mallory = authority.person(other, "mallory", ["administrator"], at)

        with pytest.raises(Unknown):
            services.save_team(actor=cast.carla, data=TeamData("Compras"), scope="process", at=at)
        for act in (
            lambda: services.save_team(actor=mallory, data=TeamData("Mía"), code=team.code, at=at),
            lambda: services.remove_member(actor=mallory, code=team.code, who="p:X", at=at),
            lambda: services.set_team_flow(actor=mallory, code=team.code, flow="publication", steps=[], at=at),
        ):
            with pytest.raises(Unknown):
                act()
        with pytest.raises(Refused, match="person_unknown"):
            services.save_team(
                actor=mallory, data=TeamData("Mía", members=(given.person("carla"),)), scope="process", at=at
            )


class TestMembers:
    def test_are_changed_one_by_one(self, cast: parties.Cast, at: datetime) -> None:
        team = given.team(cast.beto, at, given.person("ana", "general"), given.person("hugo"))
        services.set_member(actor=cast.beto, code=team.code, member=given.person("hugo", "documents"), at=at)
        services.remove_member(actor=cast.beto, code=team.code, who=f"p:{given.code('ana')}", at=at)

        assert [(m.name, m.edits) for m in team.members.all()] == [(cast.person("hugo").full_name, ["documents"])]
        with pytest.raises(Unknown):
            services.remove_member(actor=cast.beto, code=team.code, who=f"p:{given.code('ana')}", at=at)

    def test_who_leaves_the_account_leaves_its_teams(
        self, cast: parties.Cast, at: datetime, run_reactions: Any
    ) -> None:
        team = given.team(cast.beto, at, given.person("ana", "general"), given.person("hugo", "general"))
        place = Membership.objects.get(user=cast.person("hugo"), account=cast.entity)
        access.end_access(actor=cast.beto, membership_id=place.pk, at=at)
        run_reactions()

        assert [member.name for member in Member.objects.filter(team=team)] == [cast.person("ana").full_name]

    def test_whoever_left_is_not_written_again_before_the_reaction(self, cast: parties.Cast, at: datetime) -> None:
        team = given.team(cast.beto, at, given.person("ana", "general"), given.person("hugo", "general"))
        place = Membership.objects.get(user=cast.person("hugo"), account=cast.entity)
        access.end_access(actor=cast.beto, membership_id=place.pk, at=at)

        services.rename_team(actor=cast.beto, code=team.code, name="Contratación", is_active=True, at=at)

        assert [member.name for member in Team.objects.get().members.all()] == [cast.person("ana").full_name]


class TestFlows:
    def test_are_kept_beside_the_account_s(self, cast: parties.Cast, at: datetime) -> None:
        team = given.team(cast.beto, at)
        steps = [StepData("Visto bueno", given.code("hugo"))]
        configuring.set_flow(actor=cast.beto, kind="publication", steps=steps, at=at)
        own = services.set_team_flow(actor=cast.beto, code=team.code, flow="publication", steps=steps, at=at)

        assert (own.owner, own.version, Flow.objects.filter(is_active=True).count()) == (team.code, 1, 2)
        assert Entry.objects.filter(act="flow.set").order_by("-pk")[0].content["data"]["owner"] == team.code
        services.end_team_flow(actor=cast.beto, code=team.code, flow="publication", at=at)
        assert [flow.owner for flow in Flow.objects.filter(is_active=True)] == [""]

    def test_exist_only_for_the_acts_of_its_scope(self, cast: parties.Cast, at: datetime) -> None:
        team = given.team(cast.beto, at)

        with pytest.raises(Unknown):
            services.set_team_flow(actor=cast.beto, code=team.code, flow="plan", steps=[], at=at)
