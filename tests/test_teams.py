"""Teams and the drafts that name them: who edits what, by which flow it is approved, and what is told of it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pliego.accounts.tests import given as people
from pliego.authority import approving, configuring, history
from pliego.authority.rules import StepData
from pliego.authority.tests import given as authority
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused, SignatureRequired, Unknown
from pliego.ledger.models import Entry
from pliego.parties import access
from pliego.parties.models import Membership
from pliego.parties.tests import given as parties
from pliego.planning import loads
from pliego.planning import queries as plan_queries
from pliego.planning import services as planning
from pliego.planning.models import Load, Plan
from pliego.planning.policy import POLICY as PLAN_POLICY
from pliego.planning.tests import given as plans
from pliego.teams import services as teams
from pliego.teams.rules import MemberData
from pliego.teams.tests import given
from pliego.tendering import queries as tender_queries
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db
SECTIONS = ("general", "schedule", "questionnaire", "documents", "opening", "invitation")


class House:
    """An entity with three preparers: ana edits the general data, olga the schedule, pablo is in no team."""

    def __init__(self, at: datetime) -> None:
        self.at, self.of = at, tenders.buyer(at)
        self.account = self.of.account
        self.beto = tenders.signed(self.of.beto, at)
        self.ana = self.of.ana
        self.olga = authority.person(self.account, "olga", ["preparer"], at)
        self.pablo = authority.person(self.account, "pablo", ["preparer"], at)

    def team(self, *members: MemberData, **options: Any) -> Any:
        people = members or (given.person("ana", "general", "documents"), given.person("olga", "schedule"))
        return given.team(self.beto, self.at, *people, **options)

    def tender(self, team: Any) -> Tender:
        return tendering.create_tender(
            actor=self.ana, title="Compra", reference=f"T-{next(tenders.numbers)}", method="minima_cuantia",
            plan_justification="No estaba", team=team.code if team else "", at=self.at,
        )  # fmt: skip

    def general(self, actor: Any, tender: Tender) -> Tender:
        data = tenders.general()
        return tendering.save_general(actor=actor, tender_id=tender.pk, data=data, at=self.at)

    def plan(self, team: Any = None) -> Plan:
        code = team.code if team else ""
        return planning.create_plan(
            actor=self.ana, year=self.at.year, header=plans.header(), team=code, at=self.at
        )  # fmt: skip

    def add(self, actor: Any, plan: Plan, **changes: Any) -> Any:
        return planning.add_line(actor=actor, plan_id=plan.pk, line=plans.line(**changes), at=self.at)


@pytest.fixture
def house(at: datetime) -> House:
    return House(at)


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


class TestPlan:
    def test_has_a_team_only_where_somebody_chooses_one(self, house: House) -> None:
        house.team(given.person("olga", "lines"), scope="plan")
        plan = house.plan()

        assert house.add(house.pablo, plan).number == 1

    def test_shares_out_its_three_sections(self, house: House) -> None:
        people = (given.person("ana", "general"), given.person("olga", "lines"), given.person("pablo", "needs"))
        plan = house.plan(house.team(*people, scope="plan"))
        need = {"kind": "need", "description": "Algo para la escuela"}

        line, wish = house.add(house.olga, plan), house.add(house.pablo, plan, **need)

        edit: dict[str, Any] = {"plan_id": plan.pk, "at": house.at}
        planning.edit_plan(actor=house.ana, header=plans.header(mission="Otra"), **edit)
        for act in (
            lambda: house.add(house.pablo, plan),
            lambda: house.add(house.olga, plan, **need),
            lambda: planning.drop_line(actor=house.pablo, number=line.number, **edit),
            lambda: planning.edit_line(actor=house.olga, number=line.number, line=plans.line(**need), **edit),
            lambda: planning.edit_line(actor=house.olga, number=wish.number, line=plans.line(), **edit),
            lambda: planning.edit_plan(actor=house.olga, header=plans.header(), **edit),
        ):
            with pytest.raises(Denied, match="equipo"):
                act()

    def brought(self, house: House, plan: Plan) -> Load:
        """A file of olga's with a purchase and a need, in a plan that has one of each."""
        need = {"kind": "need", "description": "Algo para la escuela"}
        house.add(house.olga, plan)
        house.add(house.pablo, plan, **need)
        rows = (f"Compra;{plans.ROW}", "Necesidad;Otra cosa;44121600")
        return plans.load(house.olga, plan, house.at, *rows, heading=f"Tipo;{plans.HEADING}")

    def shared(self, house: House) -> Plan:
        people = (given.person("olga", "lines"), given.person("pablo", "needs"))
        return house.plan(house.team(*people, scope="plan"))

    def test_takes_from_a_file_only_what_belongs_to_the_sections_of_who_sends_it(self, house: House) -> None:
        plan = self.shared(house)
        load = self.brought(house, plan)
        told: dict[str, Any] = {"load_id": load.pk, "at": house.at, "drops_missing": True, "skips_wrong": True}

        found = [(row.title, row.change) for row in load.rows.all()]
        reasons = [sentence for row in load.rows.all() for _column, sentence in row.faults]
        with pytest.raises(Denied, match="equipo"):
            loads.apply(actor=house.pablo, **told)
        loads.apply(actor=house.olga, **told)

        purchase = plans.line().description
        assert found == [("Resmas de papel", "added"), ("Otra cosa", "wrong"), (purchase, "missing")]
        assert len(reasons) == 1
        assert "pídalo a" in reasons[0]
        assert {line.description for line in plan.lines.standing()} == {"Algo para la escuela", "Resmas de papel"}

    def test_writes_no_row_of_a_file_whose_sender_left_its_team_meanwhile(
        self, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plan = self.shared(house)
        load = self.brought(house, plan)
        others = house.team(given.person("pablo", "lines", "needs"), scope="plan", name="Otro")
        monkeypatch.setattr(loads, "AT_ONCE_ROWS", 0)
        loads.apply(actor=house.olga, load_id=load.pk, at=house.at, skips_wrong=True)

        planning.choose_team(actor=house.beto, plan_id=plan.pk, team=others.code, at=house.at)
        loads.carry_out_writing(load_id=load.pk, at=house.at)

        load.refresh_from_db()
        assert (load.state, load.counts, plan.lines.count()) == ("read", {"wrong": 2}, 2)
        assert load.refusal.startswith("Quien lo ordenó")

    def test_waits_for_its_own_people(self, house: House, at: datetime) -> None:
        house.plan(house.team(given.person("olga", "lines"), scope="plan"))

        assert [len(plan_queries.tasks_for(actor, at)) for actor in (house.olga, house.pablo)] == [2, 0]

    def test_changes_its_team_by_an_administrator(self, house: House, at: datetime) -> None:
        team = house.team(given.person("olga", "lines"), scope="plan")
        plan = house.plan()
        with pytest.raises(Denied):
            planning.choose_team(actor=house.of.elena, plan_id=plan.pk, team=team.code, at=at)
        planning.choose_team(actor=house.beto, plan_id=plan.pk, team=team.code, at=at)

        fresh = Plan.objects.get(pk=plan.pk)
        assert (fresh.team, bool(PLAN_POLICY.verdict(house.pablo, "edit_lines", fresh))) == (team, False)


class TestFlows:
    def steps(self, name: str) -> list[StepData]:
        return [StepData(f"Visto bueno de {name}", given.code(name))]

    def test_of_the_team_come_before_the_account_s(self, house: House, at: datetime) -> None:
        team = house.team(given.person("ana", *SECTIONS))
        configuring.set_flow(actor=house.beto, kind="publication", steps=self.steps("hugo"), at=at)
        given.on(house.beto, at, is_on=False)
        draft = tenders.draft_tender(at, house.of)
        given.on(house.beto, at)
        tendering.choose_team(actor=house.ana, tender_id=draft.pk, team=team.code, at=at)
        tender = tendering.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
        ask: dict[str, Any] = {"actor": house.ana, "kind": "publication", "subject": tender.code, "at": at}
        of_account = approving.start_approval(**ask)
        approving.cancel_approval(actor=house.ana, approval_id=of_account.pk, at=at)
        teams.set_team_flow(actor=house.beto, code=team.code, flow="publication", steps=self.steps("gloria"), at=at)

        of_team = approving.start_approval(**ask)

        assert (of_account.flow.owner, of_team.flow.owner) == ("", team.code)
        with pytest.raises(Denied):
            approving.approve_step(actor=house.of.hugo, approval_id=of_team.pk, step=1, at=at)
        approving.approve_step(actor=house.of.gloria, approval_id=of_team.pk, step=1, at=at)
        published = tendering.publish_tender(actor=house.beto, tender_id=tender.pk, at=at)
        assert published.state == "published"

    def test_of_a_plan_are_three(self, house: House, at: datetime) -> None:
        team = house.team(given.person("ana", "general", "lines", "needs"), scope="plan")
        for flow, name in (("plan", "hugo"), ("plan-later", "gloria"), ("plan-minor", "pablo")):
            teams.set_team_flow(actor=house.beto, code=team.code, flow=flow, steps=self.steps(name), at=at)
        plan = house.plan(team)
        house.add(house.ana, plan)
        used = [self.approved(house, plan)]
        house.add(house.ana, plan, kind="need", description="Necesidad")
        used.append(self.approved(house, plan))
        house.add(house.ana, plan, description="Otra compra")
        used.append(self.approved(house, plan))

        assert used == [team.code, f"{team.code}:minor", f"{team.code}:later"]

    def test_of_a_modification_is_the_plan_s_where_the_team_has_no_other(self, house: House, at: datetime) -> None:
        team = house.team(given.person("ana", "general", "lines", "needs"), scope="plan")
        teams.set_team_flow(actor=house.beto, code=team.code, flow="plan", steps=self.steps("hugo"), at=at)
        plan = house.plan(team)
        house.add(house.ana, plan)
        self.approved(house, plan)
        house.add(house.ana, plan)

        assert self.approved(house, plan) == team.code

    def test_a_change_of_team_after_the_approval_makes_it_void(self, house: House, at: datetime) -> None:
        team = house.team(given.person("ana", "lines"), scope="plan")
        configuring.set_flow(actor=house.beto, kind="plan", steps=self.steps("hugo"), at=at)
        plan = house.plan(team)
        house.add(house.ana, plan)
        asked = approving.start_approval(actor=house.ana, kind="plan", subject=plan.code, at=at)
        approving.approve_step(actor=house.of.hugo, approval_id=asked.pk, step=1, at=at)
        planning.choose_team(actor=house.ana, plan_id=plan.pk, team="", at=at)

        with pytest.raises(Refused, match="approval_void"):
            planning.publish_plan(actor=house.beto, plan_id=plan.pk, at=at)

    def approved(self, house: House, plan: Plan) -> str:
        """Ask, let whoever has the task do it, publish; and say whose flow it was."""
        asked = approving.start_approval(actor=house.ana, kind="plan", subject=plan.code, at=house.at)
        step = asked.flow.steps.get()
        user = step.place.user
        actor = parties.actor(user, house.account, signed=False)
        approving.approve_step(actor=actor, approval_id=asked.pk, step=1, at=house.at)
        planning.publish_plan(actor=house.beto, plan_id=plan.pk, at=house.at)
        return asked.flow.owner


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


def test_publishing_still_asks_for_a_signature(house: House, at: datetime) -> None:
    """A team is about the draft: who approves and who signs stay as they were."""
    given.on(house.beto, at, is_on=False)
    tender = tenders.submitted_tender(at, house.of)

    with pytest.raises(SignatureRequired):
        tendering.publish_tender(actor=house.of.beto, tender_id=tender.pk, at=at)


class TestPagesOfDrafts:
    def test_a_section_that_the_team_does_not_leave_is_read_with_the_reason(
        self, house: House, client_for: Any, at: datetime
    ) -> None:
        tender = house.tender(house.team())
        one = f"/escritorio/procesos/{tender.code}/"
        olga = client_for(people.person("olga"), house.account)

        pages = {path: olga.get(one + path) for path in ("", "datos/", "cronograma/", "miembros/", "cuestionario/")}

        assert {answer.status_code for answer in pages.values()} == {200}
        for path in ("", "datos/", "miembros/", "cuestionario/"):
            assert "En su equipo usted lee esta sección y no la edita: pídalo a" in pages[path].content.decode(), path
        assert "<form" in pages["cronograma/"].content.decode().partition("<main")[2]
        assert olga.post(one + "datos/", {"title": "Otra"}).status_code == 403

    def test_a_stranger_to_the_team_reads_and_has_the_buttons_off(self, house: House, client_for: Any) -> None:
        tender = house.tender(house.team())
        pablo = client_for(people.person("pablo"), house.account)

        page = pablo.get(f"/escritorio/procesos/{tender.code}/").content.decode()

        assert 'aria-disabled="true"' in page
        assert "le corresponde al equipo «Compras»" in page
        assert pablo.get(f"/escritorio/procesos/{tender.code}/equipo/").status_code == 403

    def test_a_new_process_asks_for_its_team(self, house: House, client_for: Any) -> None:
        team = house.team(given.person("olga", "general"))
        ana = client_for(people.person("ana"), house.account)
        typed = {"title": "Compra", "reference": "EQ-1", "method": "minima_cuantia", "plan_justification": "No estaba"}

        without = ana.post("/escritorio/procesos/nuevo/", typed)
        made = ana.post("/escritorio/procesos/nuevo/", {**typed, "team": team.code})

        tender = Tender.objects.get()
        assert (without.status_code, made.status_code, tender.team) == (422, 303, team)
        assert made.url == f"/escritorio/procesos/{tender.code}/"

    def test_the_team_is_chosen_on_its_page(self, house: House, client_for: Any) -> None:
        first, second = house.team(), house.team(given.person("olga", "general"), name="Otro")
        tender = house.tender(first)
        ana = client_for(people.person("ana"), house.account)

        answer = ana.post(f"/escritorio/procesos/{tender.code}/equipo/", {"team": second.code})

        assert (answer.status_code, Tender.objects.get().team) == (303, second)

    def test_a_plan_says_who_edits_and_offers_each_person_their_lines(self, house: House, client_for: Any) -> None:
        team = house.team(given.person("olga", "needs"), scope="plan", name="Plan")
        plan = house.plan(team)
        one = f"/escritorio/paa/{plan.year}/"
        olga, pablo = (client_for(people.person(name), house.account) for name in ("olga", "pablo"))

        assert "le corresponde al equipo «Plan»" in pablo.get(one).content.decode()
        assert pablo.get(one + "lineas/nueva/").status_code == 403
        assert olga.get(one + "lineas/nueva/").status_code == 403
        offered = olga.get(one + "necesidades/nueva/").content.decode()
        assert 'name="description"' in offered
        assert 'name="method"' not in offered
        assert olga.get(one + "datos/").status_code == 403

    def test_a_plan_names_its_team_when_it_is_begun_and_later(self, house: House, client_for: Any) -> None:
        team = house.team(given.person("ana", "general"), scope="plan")
        ana = client_for(people.person("ana"), house.account)
        typed = {"year": house.at.year, "team": team.code, "contact_name": "Ana", "contact_email": "a@pliego.example"}

        begun = ana.post("/escritorio/paa/nuevo/", typed)
        named = Plan.objects.get().team
        changed = ana.post(f"/escritorio/paa/{house.at.year}/equipo/", {"team": ""})

        assert (begun.status_code, named, changed.status_code, Plan.objects.get().team) == (303, team, 303, None)

    def test_the_api_names_teams_too(self, house: House, client_for: Any) -> None:
        team = house.team(given.person("ana", "general"))
        plan_team = house.team(given.person("ana", "general"), scope="plan", name="Plan")
        ana = client_for(people.person("ana"), house.account)
        body = {
            "title": "C",
            "reference": "EQ-2",
            "method": "minima_cuantia",
            "plan_justification": "No",
            "team": team.code,
        }
        told = {"content_type": "application/json"}

        made = ana.post("/api/v1/tenders", body, **told)
        plan = ana.post("/api/v1/plans", {"year": house.at.year, "team": plan_team.code}, **told)
        codes = (made.json()["code"], plan.json()["code"])
        refused = ana.put(f"/api/v1/tenders/{codes[0]}/team", {"team": ""}, **told)
        freed = ana.put(f"/api/v1/plans/{codes[1]}/team", {"team": ""}, **told)

        assert [answer.status_code for answer in (made, plan, refused, freed)] == [201, 201, 422, 200]
        assert (Tender.objects.get().team, Plan.objects.get().team) == (team, None)

    def test_the_hub_asks_the_same_whatever_the_sections(
        self, house: House, client_for: Any, django_assert_max_num_queries: Any
    ) -> None:
        members = [given.person(name, "general") for name in ("ana", "olga", "hugo", "gloria")]
        tender = house.tender(house.team(*members))
        pablo = client_for(people.person("pablo"), house.account)

        with django_assert_max_num_queries(50):
            pablo.get(f"/escritorio/procesos/{tender.code}/")
