"""Writing an annual plan and publishing it. Editing is not an act; publishing a version is."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pliego.authority import gates
from pliego.codelists import queries as codelists
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.methods import catalogue
from pliego.parties.models import ContractingUnit
from pliego.planning import rules, sheets, versions
from pliego.planning.events import PlanPublished
from pliego.planning.models import DurationUnit, Funding, FutureBudget, Kind, Plan, PlanLine, PlanVersion
from pliego.planning.policy import EDITS, POLICY, ROOM_POLICY, Act, RoomAct
from pliego.planning.snapshots import snapshot_of
from pliego.planning.states import PLAN
from pliego.teams import services as teams


def _edited(actor: Actor, plan: Plan, at: datetime, *acts: Act) -> Plan:
    """The locked plan, when the actor may edit those sections; a published one begins to differ from its public
    version.
    """
    for act in acts:
        POLICY.require(actor, act, plan)
    if plan.state == "published":
        PLAN.fire(plan, "change", at=at)
    plan.edits += 1
    plan.save(update_fields=["state", "edits"])
    return plan


def _locked(plan_id: int) -> Plan:
    return Plan.objects.select_for_update(of=("self",)).select_related("account", "team").get(pk=plan_id)


def _act_on(kind: str) -> Act:
    """The section of a line; what is not a kind is refused with everything else that is wrong in the line."""
    return EDITS.get(kind, Act.EDIT_LINES)


@transaction.atomic
def create_plan(*, actor: Actor, year: int, header: rules.Header, at: datetime, team: str = "") -> Plan:
    """Begin the entity's plan of a year; with a team, only its people edit it."""
    ROOM_POLICY.require(actor, RoomAct.CREATE)
    this_year = calendar.day_of(at).year
    wrong = None
    if not this_year - 1 <= year <= this_year + 1:
        sentence = _("The plan is of this year, the last one or the next one.")
        wrong = Objection("wrong_year", sentence, "year", rules.PLAN_LAW)
    refuse_if_any(wrong, rules.header_is_wrong(header))
    assert actor.account_id is not None
    assert actor.user_id is not None
    chosen = teams.team_for(account_id=actor.account_id, scope="plan", code=team)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                code=next_public_id("plan"),
                account_id=actor.account_id,
                year=year,
                prepared_by_id=actor.user_id,
                created_at=at,
                team=chosen,
                **asdict(header),
            )
    except IntegrityError as error:
        sentence = _("Your entity already has a plan for this year. Edit that one.")
        raise Refused(Objection("plan_exists", sentence, "year")) from error
    if chosen:
        _announce_team(plan, actor, at)
    return plan


@transaction.atomic
def choose_team(*, actor: Actor, plan_id: int, team: str, at: datetime) -> Plan:
    """Say which team edits the plan from now on, or none."""
    plan = _locked(plan_id)
    POLICY.require(actor, Act.CHOOSE_TEAM, plan)
    plan.team = teams.team_for(account_id=plan.account_id, scope="plan", code=team)
    plan.save(update_fields=["team"])
    _announce_team(plan, actor, at)
    return plan


def _announce_team(plan: Plan, actor: Actor, at: datetime) -> None:
    account = plan.account
    teams.announce_choice(draft=plan, scope="plan", about=plan.about, account=account, actor=actor, at=at)


@transaction.atomic
def edit_plan(*, actor: Actor, plan_id: int, header: rules.Header, at: datetime) -> Plan:
    """Change the general part of the plan."""
    plan = _edited(actor, _locked(plan_id), at, Act.EDIT_GENERAL)
    refuse_if_any(rules.header_is_wrong(header))
    for name, value in asdict(header).items():
        setattr(plan, name, value)
    plan.save()
    return plan


@transaction.atomic
def add_line(*, actor: Actor, plan_id: int, line: rules.Line, at: datetime) -> PlanLine:
    """Add an intended purchase; its number is never given to another."""
    plan = _edited(actor, _locked(plan_id), at, _act_on(line.kind))
    _check(plan, line, at)
    last = plan.lines.aggregate(last=Max("number"))["last"] or 0
    return PlanLine.objects.create(plan=plan, number=last + 1, updated_at=at, **_columns(line))


class Stale(Refused):
    """Somebody saved the line after this person began to edit it. `newest` is what they saved."""

    def __init__(self, newest: PlanLine) -> None:
        self.newest = newest
        sentence = _("Somebody saved another version of this line meanwhile. Choose which of the two holds.")
        super().__init__(Objection("stale", sentence, "seen"))


@transaction.atomic
def edit_line(
    *, actor: Actor, plan_id: int, number: int, line: rules.Line, at: datetime, seen: int | None = None
) -> PlanLine:
    """Change an intended purchase. `seen` is the revision that the person had before their eyes."""
    plan = _locked(plan_id)
    kept = _line(plan, number)
    _edited(actor, plan, at, _act_on(kept.kind), _act_on(line.kind))
    if seen is not None and seen != kept.revision:
        raise Stale(kept)
    _check(plan, line, at)
    for name, value in _columns(line).items():
        setattr(kept, name, value)
    kept.updated_at, kept.revision = at, kept.revision + 1
    kept.save()
    return kept


@transaction.atomic
def drop_line(*, actor: Actor, plan_id: int, number: int, at: datetime) -> PlanLine:
    """Take an intended purchase out of the plan; what was published stays in its version."""
    plan = _locked(plan_id)
    line = _line(plan, number)
    _edited(actor, plan, at, _act_on(line.kind))
    line.dropped_at = line.updated_at = at
    line.revision += 1
    line.save(update_fields=["dropped_at", "updated_at", "revision"])
    return line


@transaction.atomic
def publish_plan(*, actor: Actor, plan_id: int, at: datetime, reason: str = "") -> Plan:
    """Make the plan, as it is now, public as its next version."""
    plan = Plan.objects.select_for_update(of=("self",)).select_related("account__organization").get(pk=plan_id)
    POLICY.require(actor, Act.PUBLISH, plan)
    gates.require("plan", plan, actor=actor)
    PLAN.fire(plan, "publish", at=at)
    plan.version, plan.published_at = plan.version + 1, at
    plan.save(update_fields=["state", "version", "published_at"])
    version = _keep_version(plan, actor, reason, at)
    versions.mark_published(plan, version)
    sheets.begin(version=version, at=at)
    data = {
        "code": plan.code,
        "account": plan.account.code,
        "account_name": plan.account.name,
        "year": plan.year,
        "version": plan.version,
        "lines": version.lines_count,
        "total": str(version.total_amount),
        "currency": version.total_currency,
        "reason": version.reason,
        "snapshot": hashlib.sha256(json.dumps(version.snapshot, sort_keys=True).encode()).hexdigest(),
    }
    event = PlanPublished(file=plan.file, subject_id=plan.pk, data=data)
    plan.receipt = outbox.publish(event, actor=actor, at=at)
    return plan


def _keep_version(plan: Plan, actor: Actor, reason: str, at: datetime) -> PlanVersion:
    assert actor.user_id is not None
    # What the last version said of each line is as large as the plan, and is not needed to write the next one.
    lines = list(plan.lines.standing().select_related("unit").defer("published", "updated_at"))
    return PlanVersion.objects.create(
        plan=plan,
        number=plan.version,
        published_at=at,
        published_by_id=actor.user_id,
        reason=reason.strip()[:500],
        lines_count=len(lines),
        total_amount=sum((line.total_amount or Decimal(0) for line in lines), Decimal(0)),
        snapshot=snapshot_of(plan, lines),
    )


def _line(plan: Plan, number: int) -> PlanLine:
    if (line := plan.lines.standing().filter(number=number).first()) is None:
        raise Unknown()
    return line


def _check(plan: Plan, line: rules.Line, at: datetime) -> None:
    methods = {method.code for method in catalogue.in_force(calendar.day_of(at))}
    refuse_if_any(
        rules.line_is_wrong(line, methods), _not_in_their_lists(line), _foreign_unit(plan, line), _unknown_codes(line)
    )


def _not_in_their_lists(line: rules.Line) -> list[Objection]:
    lists = (
        ("kind", line.kind, Kind.values),
        ("duration_unit", line.duration_unit, DurationUnit.values),
        ("funding_source", line.funding_source, ["", *Funding.values]),
        ("future_budget", line.future_budget, FutureBudget.values),
    )
    sentence = _("Choose one of the values of the list.")
    return [Objection("not_in_list", sentence, field) for field, value, allowed in lists if value not in allowed]


def _foreign_unit(plan: Plan, line: rules.Line) -> Objection | None:
    if line.unit_id is None or ContractingUnit.objects.filter(pk=line.unit_id, account_id=plan.account_id).exists():
        return None
    return Objection("unknown_unit", _("Choose a contracting unit of your entity."), "unit")


def _unknown_codes(line: rules.Line) -> Objection | None:
    """Where the official list is loaded, a code is one of it."""
    if not line.unspsc or not codelists.has_whole_unspsc():
        return None
    unknown = [code for code, name in codelists.unspsc_names(list(line.unspsc)).items() if not name]
    told = {"codes": ", ".join(unknown)}
    sentence = _("These codes are not in the UNSPSC list: %(codes)s.") % told
    return Objection("unknown_unspsc", sentence, "unspsc") if unknown else None


def _columns(line: rules.Line) -> dict[str, object]:
    return {**asdict(line), "unspsc": list(line.unspsc), "description": line.description.strip()}
