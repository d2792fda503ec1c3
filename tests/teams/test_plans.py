"""Teams and annual plans: who edits which part, what a file may bring, and by whose flow a plan is approved."""

from datetime import datetime
from typing import Any

import pytest

from pliego.authority import approving, configuring
from pliego.authority.rules import StepData
from pliego.kernel.objections import Denied, Refused
from pliego.parties.tests import given as parties
from pliego.planning import loads
from pliego.planning import queries as plan_queries
from pliego.planning import services as planning
from pliego.planning.models import Load, Plan
from pliego.planning.policy import POLICY as PLAN_POLICY
from pliego.planning.tests import given as plans
from pliego.teams import services as teams
from pliego.teams.tests import given
from pliego.tendering import services as tendering
from pliego.tendering.tests import given as tenders
from tests.teams.conftest import House

pytestmark = pytest.mark.django_db
SECTIONS = ("general", "schedule", "questionnaire", "documents", "opening", "invitation")


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
