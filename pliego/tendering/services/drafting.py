"""Building the pliego: what it is, when, and with which money."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.identifiers import next_public_id, ocid_of
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.methods import catalogue
from pliego.methods import schedule as law
from pliego.parties.models import Account, ContractingUnit
from pliego.planning.models import PlanLine
from pliego.teams import services as teams
from pliego.tendering import plan_lines, rules, usable
from pliego.tendering.models import Milestone, OpeningMember, Tender
from pliego.tendering.policy import ROOM_POLICY, Act, RoomAct
from pliego.tendering.services.copying import copy_from, source_of
from pliego.tendering.services.locking import edited, opened_for, person
from pliego.tendering.standard import guards


@dataclass(frozen=True, kw_only=True)
class General:
    """Section 1 of the pliego. Anything may be empty while it is a draft; what is written must be right."""

    title: str
    description: str = ""
    unspsc_main: str = ""
    unspsc_additional: list[str] = field(default_factory=list)
    contract_type: str = ""
    value_amount: Decimal | None = None
    duration: int | None = None
    duration_unit: str = ""
    delivery_municipality: str = ""
    delivery_address: str = ""
    plan_justification: str = ""
    causal: str = ""
    method_justification: str = ""


@transaction.atomic
def create_tender(
    *,
    actor: Actor,
    title: str,
    reference: str,
    at: datetime,
    method: str = "",
    plan_line_ids: Sequence[int] = (),
    plan_justification: str = "",
    unit_id: int | None = None,
    team: str = "",
    source_code: str = "",
) -> Tender:
    """Open the electronic file of a process, from lines of the plan (what they say together: `plan_lines`) or with a
    reason for not being in it; with `source_code`, filled with what another process or a template says.

    Where the account works with teams of processes, it names the one that edits it.
    """
    ROOM_POLICY.require(actor, RoomAct.CREATE)
    chosen = teams.team_for(account_id=actor.account_id, scope="process", code=team)
    lines = _lines_of(actor, plan_line_ids)
    refuse_if_any(plan_lines.have_several_methods(lines, method))
    source = source_of(actor, source_code, "source_code") if source_code else None
    rulebook = catalogue.get(method or plan_lines.first(lines, "method") or "", on=calendar.day_of(at))
    buyer = Account.objects.get(pk=actor.account_id or 0)
    refuse_if_any(usable.is_for_others(rulebook, buyer.entity_type))
    code = next_public_id("tender")
    tender = Tender(
        code=code,
        ocid=ocid_of(code),
        reference=reference,
        title=title[:200],
        buyer=buyer,
        unit=_unit_of(actor, unit_id) or plan_lines.first(lines, "unit"),
        team=chosen,
        method=rulebook.code,
        method_version=rulebook.version,
        plan_justification="" if lines else plan_justification,
        prepared_by_id=person(actor),
        authors=[person(actor)],
        created_at=at,
    )
    if lines:
        _take_from(lines, tender)
    try:
        with transaction.atomic():
            tender.save()
    except IntegrityError as error:
        sentence = _("Your entity already has a process with this reference. Write another one.")
        raise Refused(Objection("reference_taken", sentence, "reference")) from error
    tender.come_from(lines)
    if rulebook.has_bidding:
        _seat_members(tender)
    if chosen:
        _announce_team(tender, actor, at)
    if source:
        copy_from(actor=actor, tender_id=tender.pk, source_code=source.code, at=at, field="source_code")
        tender.refresh_from_db()
    return tender


@transaction.atomic
def choose_team(*, actor: Actor, tender_id: int, team: str, at: datetime) -> Tender:
    """Say which team edits the draft from now on, or none where none is needed."""
    tender = opened_for(Act.CHOOSE_TEAM, actor=actor, tender_id=tender_id)
    tender.team = teams.team_for(account_id=tender.buyer_id, scope="process", code=team)
    tender.save(update_fields=["team"])
    _announce_team(tender, actor, at)
    return tender


def _announce_team(tender: Tender, actor: Actor, at: datetime) -> None:
    account, about = tender.buyer, f"{tender.code} {tender.title}"
    teams.announce_choice(draft=tender, scope="process", about=about, account=account, actor=actor, at=at)


def _take_from(lines: Sequence[PlanLine], tender: Tender) -> None:
    """What the plan already says is not asked again; of the place of performance, what the unit says."""
    plan_lines.follow(tender, (), lines)
    if tender.unit:
        tender.delivery_municipality = tender.delivery_municipality or tender.unit.municipality
        tender.delivery_address = tender.unit.address


def _lines_of(actor: Actor, line_ids: Sequence[int]) -> list[PlanLine]:
    """Those lines in that order, each once, when a process of the actor's entity may come from all of them."""
    wanted = list(dict.fromkeys(line_ids))
    rows = PlanLine.objects.filter(plan__account_id=actor.account_id or 0, published_in__isnull=False)
    known = rows.select_related("plan", "unit").in_bulk(wanted)
    found = [known[pk] for pk in wanted if pk in known]
    refuse_if_any(plan_lines.cannot_be_chosen(found, len(wanted)))
    return found


@guards("general")
@transaction.atomic
def choose_plan_lines(
    *, actor: Actor, tender_id: int, line_ids: Sequence[int], at: datetime, justification: str = ""
) -> Tender:
    """Say which lines of the plan the draft comes from, or why from none. What the draft does not say yet, or says as
    the lines chosen before, is from now on as these say it; what somebody wrote otherwise stays."""
    tender = edited(actor, tender_id, Act.EDIT_GENERAL)
    if not line_ids and not justification.strip():
        raise Refused(plan_lines.are_missing())
    lines = _lines_of(actor, line_ids)
    plan_lines.follow(tender, tender.planned, lines)
    tender.plan_justification = "" if lines else justification
    tender.save()
    tender.come_from(lines)
    return tender


def _unit_of(actor: Actor, unit_id: int | None) -> ContractingUnit | None:
    if unit_id is None:
        return None
    unit = ContractingUnit.objects.filter(pk=unit_id, account_id=actor.account_id or 0, is_active=True).first()
    if unit is None:
        raise Refused(Objection("unknown_unit", _("Choose a contracting unit of your entity."), "unit"))
    return unit


def _seat_members(tender: Tender) -> None:
    """Propose who opens the offers: the preparer, an authorising officer and the escrow of the operator."""
    from pliego.tendering.queries import proposed_members

    OpeningMember.objects.bulk_create(
        OpeningMember(tender=tender, number=number, user_id=user_id, capacity=capacity)
        for number, (user_id, capacity) in enumerate(proposed_members(tender), 1)
    )


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The budget certificate (CDP) that backs the process."""

    number: str
    amount: Decimal | None
    funding_source: str

    def put_on(self, tender: Tender) -> None:
        tender.budget_certificate, tender.budget_certificate_amount = self.number, self.amount
        tender.funding_source = self.funding_source


@guards("general")
@transaction.atomic
def save_general(*, actor: Actor, tender_id: int, data: General, at: datetime, budget: Budget | None = None) -> Tender:
    """Keep the general data of the draft, and its budget; what is still missing is told by the checklist, not here."""
    tender = edited(actor, tender_id, Act.EDIT_GENERAL)
    too_small = rules.budget_is_too_small(tender, data.value_amount, budget.amount) if budget else None
    refuse_if_any(rules.general_is_wrong(tender, data), too_small)
    for name, value in asdict(data).items():
        setattr(tender, name, value)
    if budget:
        budget.put_on(tender)
    tender.save()
    return tender


@transaction.atomic
def save_schedule(*, actor: Actor, tender_id: int, milestones: dict[str, datetime], at: datetime) -> Tender:
    """Keep the dates of the process, unless they break a rule of its method; all broken rules are told at once."""
    tender = edited(actor, tender_id, Act.EDIT_SCHEDULE)
    known = {milestone.code for milestone in tender.rulebook.milestones}
    unknown = [
        Objection("unknown_milestone", _("The schedule has no such milestone."), code)
        for code in milestones.keys() - known
    ]
    refuse_if_any(unknown, law.objections(tender.rulebook, milestones, at) if not unknown else None)
    tender.milestones.exclude(code__in=milestones).delete()
    Milestone.objects.bulk_create(
        [Milestone(tender=tender, code=code, due_at=due) for code, due in milestones.items()],
        update_conflicts=True,
        unique_fields=["tender", "code"],
        update_fields=["due_at"],
    )
    return tender


@guards("general")
@transaction.atomic
def save_budget(
    *, actor: Actor, tender_id: int, number: str, amount: Decimal | None, funding_source: str, at: datetime
) -> Tender:
    """Keep the budget certificate (CDP) that backs the process."""
    tender = edited(actor, tender_id, Act.EDIT_GENERAL)
    refuse_if_any(rules.budget_is_too_small(tender, tender.value_amount, amount))
    Budget(number=number, amount=amount, funding_source=funding_source).put_on(tender)
    tender.save(update_fields=["budget_certificate", "budget_certificate_amount", "funding_source"])
    return tender
