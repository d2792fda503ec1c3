"""Teams and processes: who edits which section of the pliego, and who chooses the team."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from pliego.authority import configuring
from pliego.authority.tests import given as authority
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.parties import access
from pliego.parties.models import Membership
from pliego.parties.tests import given as parties
from pliego.teams import services as teams
from pliego.teams.rules import MemberData
from pliego.teams.tests import given
from pliego.tendering import queries as tender_queries
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.tests import given as tenders
from tests.teams.conftest import House

pytestmark = pytest.mark.django_db
SECTIONS = ("general", "schedule", "questionnaire", "documents", "opening", "invitation")


def editable(actor: Any, tender: Tender) -> set[str]:
    fresh = Tender.objects.get(pk=tender.pk)
    return {section for section in SECTIONS if POLICY.verdict(actor, Act(f"edit_{section}"), fresh)}


class TestSectionsOfAProcess:
    def test_without_a_team_are_edited_by_every_preparer(self, house: House) -> None:
        tender = house.tender(None)

        assert editable(house.ana, tender) == editable(house.pablo, tender) == set(SECTIONS)
        assert editable(house.of.elena, tender) == set()

    def test_of_a_team_are_edited_by_its_people_each_one_theirs(self, house: House) -> None:
        tender = house.tender(house.team())

        found = [editable(actor, tender) for actor in (house.ana, house.olga, house.pablo)]
        assert found == [{"general", "documents"}, {"schedule"}, set()]

    def test_are_refused_in_the_service_saying_whom_to_ask(self, house: House) -> None:
        tender = house.tender(house.team())
        house.general(house.ana, tender)

        with pytest.raises(Denied) as member:
            house.general(house.olga, tender)
        with pytest.raises(Denied) as stranger:
            house.general(house.pablo, tender)

        ana = Membership.objects.get(user_id=house.ana.user_id, account=house.account).user.full_name
        assert str(member.value) == f"En su equipo usted lee esta sección y no la edita: pídalo a {ana}."
        assert str(stranger.value) == f"Su equipo no edita esto: le corresponde al equipo «Compras». Pídalo a {ana}."

    def test_each_service_asks_for_its_own_section(self, house: House, at: datetime) -> None:
        tender = house.tender(house.team(given.person("olga", "general"), given.person("ana")))
        on: dict[str, Any] = {"actor": house.ana, "tender_id": tender.pk, "at": at}
        acts = (
            lambda: tendering.save_schedule(milestones={}, **on),
            lambda: tendering.save_budget(number="1", amount=Decimal(1), funding_source="own", **on),
            lambda: tendering.save_item(envelope="offer", kind="file", title="X", **on),
            lambda: tendering.remove_item(number=1, **on),
            lambda: tendering.save_price_list(number=1, rows=[], **on),
            lambda: tendering.attach_documents(documents=[], **on),
            lambda: tendering.remove_document(document_code="X", **on),
            lambda: tendering.choose_opening_members(threshold=2, members=[], **on),
            lambda: tendering.invite_supplier(supplier_code="X", **on),
            lambda: tendering.withdraw_invitation(supplier_code="X", **on),
            lambda: tendering.submit_for_approval(**on),
            lambda: tendering.discard_draft(reason="X", **on),
        )

        for act in acts:
            with pytest.raises(Denied, match="equipo"):
                act()

    def test_a_team_narrows_and_never_gives_what_the_role_does_not(self, house: House) -> None:
        tender = house.tender(house.team(given.person("elena", "general"), given.person("ana")))

        assert editable(house.of.elena, tender) == set()

    def test_a_group_brings_its_people_while_it_is_active(self, house: House, at: datetime) -> None:
        group = authority.group(house.beto, at, ["pablo"])
        tender = house.tender(house.team(MemberData(group=group.code, edits=("opening",))))
        before = editable(house.pablo, tender)
        gone = authority.GroupData("Jurídica", members=((given.code("pablo"), ""),), is_active=False)
        configuring.save_group(actor=house.beto, data=gone, code=group.code, at=at)

        assert (before, editable(house.pablo, tender)) == ({"opening"}, set())

    def test_a_team_that_is_not_active_lets_nobody_edit(self, house: House, at: datetime) -> None:
        team = house.team()
        tender = house.tender(team)
        teams.rename_team(actor=house.beto, code=team.code, name=team.name, is_active=False, at=at)

        with pytest.raises(Denied, match="no está activo"):
            house.general(house.ana, tender)

    def test_an_account_that_stops_working_with_teams_opens_its_drafts(self, house: House, at: datetime) -> None:
        tender = house.tender(house.team())
        given.on(house.beto, at, is_on=False)

        assert editable(house.pablo, tender) == set(SECTIONS)

    def test_who_left_edits_nothing_even_before_the_reaction(self, house: House, at: datetime) -> None:
        tender = house.tender(house.team())
        place = Membership.objects.get(user_id=house.olga.user_id, account=house.account)
        access.end_access(actor=house.beto, membership_id=place.pk, at=at)

        assert editable(house.olga, tender) == set()

    def test_a_delegate_stands_where_the_grantor_does(self, house: House, at: datetime) -> None:
        from dataclasses import replace

        from pliego.kernel.actors import Mandate

        tender = house.tender(house.team())
        mandate = Mandate("PLG.DEL.1", house.ana.user_id or 0, "X", "Ana")

        assert editable(replace(house.pablo, mandate=mandate), tender) == {"general", "documents"}

    def test_tell_their_people_that_the_draft_waits(self, house: House, at: datetime) -> None:
        tender = house.tender(house.team(given.person("olga", "schedule")))

        waiting = {
            name: [task.subject for task in tender_queries.tasks_for(getattr(house, name), at)]
            for name in ("ana", "olga", "pablo")
        }
        assert waiting == {"ana": [], "olga": [str(tender)], "pablo": []}


class TestChoosing:
    def test_is_needed_for_a_process_while_teams_are_on(self, house: House) -> None:
        with_none = house.tender(None)
        team = house.team()

        with pytest.raises(Refused, match="team_missing"):
            house.tender(None)
        assert (with_none.team, house.tender(team).team) == (None, team)

    def test_says_what_to_do_when_no_team_is_active(self, house: House, at: datetime) -> None:
        given.on(house.beto, at)

        with pytest.raises(Refused, match="administradora"):
            house.tender(None)

    def test_is_of_the_teams_of_one_s_own_account_and_of_that_scope(self, house: House, at: datetime) -> None:
        of_plans = house.team(given.person("ana", "lines"), scope="plan", name="Plan")
        other = parties.entity("Gobernación de Valle Lejano", "999900009", at=at)
        mallory = authority.person(other, "mallory", ["administrator"], at)
        theirs = given.team(mallory, at)

        for team in (of_plans, theirs):
            with pytest.raises(Refused, match="team_unknown"):
                house.tender(team)

    def test_changes_while_it_is_a_draft_by_whoever_began_it_its_team_or_an_administrator(
        self, house: House, at: datetime
    ) -> None:
        first, second = house.team(), house.team(given.person("pablo", "general"), name="Otro")
        tender = house.tender(first)
        choose: dict[str, Any] = {"tender_id": tender.pk, "team": second.code, "at": at}
        with pytest.raises(Denied):
            tendering.choose_team(actor=house.pablo, **choose)
        tendering.choose_team(actor=house.beto, **choose)

        assert editable(house.pablo, tender) == {"general"}
        tendering.choose_team(actor=house.pablo, **{**choose, "team": first.code})
        tendering.choose_team(actor=house.ana, **choose)

    def test_is_over_when_the_draft_is(self, house: House, at: datetime) -> None:
        team = house.team(given.person("ana", *SECTIONS))
        given.on(house.beto, at, is_on=False)
        tender = tenders.submitted_tender(at, house.of)
        given.on(house.beto, at)

        with pytest.raises(Denied):
            tendering.choose_team(actor=house.beto, tender_id=tender.pk, team=team.code, at=at)

    def test_is_written_in_the_account_s_file(self, house: House) -> None:
        team = house.team()
        tender = house.tender(team)

        entry = Entry.objects.get(act="team.chosen")
        told = entry.content["data"]
        assert (entry.file, told["subject"], told["team"]) == (house.account.file, tender.code, team.code)

    def test_is_nothing_to_another_account(self, house: House, at: datetime) -> None:
        other = parties.entity("Gobernación de Valle Lejano", "999900009", at=at)
        mallory = authority.person(other, "mallory", ["administrator", "preparer"], at)
        tender = house.tender(house.team())

        with pytest.raises(Unknown):
            tendering.choose_team(actor=mallory, tender_id=tender.pk, team="", at=at)


def test_publishing_still_asks_for_a_signature(house: House, at: datetime) -> None:
    """A team is about the draft: who approves and who signs stay as they were."""
    given.on(house.beto, at, is_on=False)
    tender = tenders.submitted_tender(at, house.of)

    with pytest.raises(SignatureRequired):
        tendering.publish_tender(actor=house.of.beto, tender_id=tender.pk, at=at)
