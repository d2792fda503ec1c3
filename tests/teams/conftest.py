"""The entity of the tests of teams: people who prepare, and drafts that name a team or none."""

from datetime import datetime
from typing import Any

import pytest

from pliego.authority.tests import given as authority
from pliego.planning import services as planning
from pliego.planning.models import Plan
from pliego.planning.tests import given as plans
from pliego.teams.rules import MemberData
from pliego.teams.tests import given
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.tests import given as tenders


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
