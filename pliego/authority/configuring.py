"""Profiles, groups, units, flows and rules of segregation, as the administrators of an account set them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pliego.accounts import factors
from pliego.authority import events, rules, segregation
from pliego.authority.kinds import FLOWS
from pliego.authority.models import Flow, Group, GroupPlace, Profile, SegregationChoice, Step, UnitPlace
from pliego.authority.policy import POLICY, Act
from pliego.authority.rules import GroupData, ProfileData, StepData, UnitData
from pliego.codelists import queries as codelists
from pliego.kernel.actors import Actor
from pliego.kernel.events import Event
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.parties.models import Account, ContractingUnit, Membership
from pliego.parties.rules import BINDING_ROLES

# The roles that profiles give each place of an account: to the person, or to a unit in which they work.
PROFILE_ROLES = """
UPDATE parties_membership AS place SET profile_roles = wanted.roles
FROM (
  SELECT m.id, coalesce(array_agg(DISTINCT role ORDER BY role) FILTER (WHERE role IS NOT NULL), '{}') AS roles
  FROM parties_membership m
  LEFT JOIN LATERAL (
    SELECT unnest(p.roles) AS role FROM authority_profile p
    WHERE p.account_id = m.account_id AND p.is_active AND m.state = 'accepted' AND (
      EXISTS (SELECT 1 FROM authority_profile_people x WHERE x.profile_id = p.id AND x.membership_id = m.id)
      OR EXISTS (
        SELECT 1 FROM authority_profile_units y
        JOIN authority_unitplace w ON w.unit_id = y.contractingunit_id
        JOIN parties_contractingunit u ON u.id = w.unit_id AND u.is_active
        WHERE y.profile_id = p.id AND w.place_id = m.id))
  ) given ON true
  WHERE m.account_id = %s GROUP BY m.id
) wanted
WHERE place.id = wanted.id AND place.profile_roles <> wanted.roles::varchar[]
"""


@transaction.atomic
def save_profile(*, actor: Actor, data: ProfileData, at: datetime, code: str = "") -> Profile:
    """Give these roles to these people and units, from their next request on."""
    account = configured(actor)
    profile = _found(Profile, account, code) if code else Profile(account=account)
    places, units = places_called(account, data.people, "people"), _units(account, data.units)
    inside = Membership.objects.filter(in_units__unit__in=units)
    refuse_if_any(rules.profile_is_wrong(data, account), _cannot_sign(data.roles, [*places, *inside]))
    profile.name, profile.description = " ".join(data.name.split()), data.description.strip()
    profile.roles, profile.is_active = list(data.roles), True
    _save(profile, _("There is already a profile with that name."))
    profile.people.set(places)
    profile.units.set(units)
    refresh(account)
    told = {"roles": sorted(profile.roles), "people": _codes(places), "units": [unit.reference for unit in units]}
    profile.receipt = _announce(events.ProfileSaved, profile, actor, at, **told)
    return profile


@transaction.atomic
def delete_profile(*, actor: Actor, code: str, at: datetime) -> Profile:
    """Take back what the profile gave."""
    profile = _found(Profile, configured(actor), code)
    profile.is_active = False
    profile.save(update_fields=["is_active"])
    refresh(profile.account)
    profile.receipt = _announce(events.ProfileDeleted, profile, actor, at)
    return profile


@transaction.atomic
def save_group(*, actor: Actor, data: GroupData, at: datetime, code: str = "") -> Group:
    """Say who is in the group. A task given to it can be done by any of them from now on."""
    account = configured(actor)
    group = _found(Group, account, code) if code else Group(account=account)
    refuse_if_any(rules.name_is_missing(data.name))
    functions = dict(data.members)
    places = places_called(account, functions, "members")
    group.name, group.description = " ".join(data.name.split()), data.description.strip()
    group.is_active = data.is_active
    _save(group, _("There is already a group with that name."))
    group.members.exclude(place__in=places).delete()
    for place in places:
        told = {"function": " ".join(functions[place.user.code].split())[:60]}
        GroupPlace.objects.update_or_create(group=group, place=place, defaults=told)
    said = {"people": _codes(places), "functions": functions, "is_active": group.is_active}
    group.receipt = _announce(events.GroupSaved, group, actor, at, **said)
    return group


@transaction.atomic
def save_unit(*, actor: Actor, data: UnitData, at: datetime, reference: str = "") -> ContractingUnit:
    """Keep a contracting unit: its place, whether it buys or sells, and who works in it."""
    account = configured(actor)
    unit = _units(account, [reference])[0] if reference else ContractingUnit(account=account)
    unknown = Objection("municipality_unknown", _("Choose the municipality from the list."), "municipality")
    is_known = not data.municipality or codelists.place_of(data.municipality) is not None
    refuse_if_any(
        rules.name_is_missing(data.name),
        rules.name_is_missing(data.reference, "reference"),
        None if is_known else unknown,
    )
    places = places_called(account, data.people, "people")
    profiles = Profile.objects.filter(units=unit, is_active=True) if unit.pk else []
    given = {role for profile in profiles for role in profile.roles}
    refuse_if_any(_cannot_sign(given, places))
    for name in ("name", "description", "municipality", "address", "email", "phone", "buys", "sells", "is_active"):
        setattr(unit, name, getattr(data, name))
    unit.reference = " ".join(data.reference.split())
    _save(unit, _("There is already a unit with that reference."), "reference")
    unit.people.exclude(place__in=places).delete()
    rows = [UnitPlace(unit=unit, place=place) for place in places]
    UnitPlace.objects.bulk_create(rows, ignore_conflicts=True)
    refresh(account)
    told: dict[str, Any] = {"reference": unit.reference, "people": _codes(places), "is_active": unit.is_active}
    told |= {"municipality": unit.municipality, "buys": unit.buys, "sells": unit.sells}
    event = events.UnitSaved(file=account.file, subject_id=unit.pk, data={"name": unit.name, **told})
    outbox.publish(event, actor=actor, at=at)
    return unit


@transaction.atomic
def set_flow(*, actor: Actor, kind: str, steps: Sequence[StepData], at: datetime, owner: str = "") -> Flow:
    """Put a kind of act under these tasks. Acts already on their way keep the flow with which they began."""
    account = configured(actor)
    if kind not in FLOWS:
        raise Unknown()
    refuse_if_any(rules.steps_are_wrong(steps))
    places = {p.user.code: p for p in places_called(account, [s.person for s in steps if s.person], "steps")}
    groups = {g.code: g for g in Group.objects.filter(account=account, is_active=True)}
    if missing := [number for number, s in enumerate(steps, 1) if s.group and s.group not in groups]:
        raise Refused(Objection("group_unknown", _("Choose a group of the list."), f"who_{missing[0]}"))
    before = Flow.objects.filter(account=account, kind=kind, owner=owner)
    version = (before.aggregate(last=Max("version"))["last"] or 0) + 1
    before.filter(is_active=True).update(is_active=False)
    told: dict[str, Any] = {"account": account, "kind": kind, "owner": owner, "version": version, "created_at": at}
    flow = Flow.objects.create(created_by_id=actor.user_id or 0, **told)
    rows = [
        Step(flow=flow, number=number, name=" ".join(s.name.split())[:100], description=s.description.strip()[:500],
             place=places.get(s.person), group=groups.get(s.group))
        for number, s in enumerate(steps, start=1)
    ]  # fmt: skip
    Step.objects.bulk_create(rows)
    said = [{"name": r.name, "person": s.person, "group": s.group} for r, s in zip(rows, steps, strict=True)]
    event = events.FlowSet(file=account.file, subject_id=flow.pk, data={**_called(flow), "steps": said})
    flow.receipt = outbox.publish(event, actor=actor, at=at)
    return flow


@transaction.atomic
def end_flow(*, actor: Actor, kind: str, at: datetime, owner: str = "") -> Flow:
    """From now on the act needs no approval. What was asked for keeps its flow until it ends or is cancelled."""
    account = configured(actor)
    rows = Flow.objects.select_for_update().filter(account=account, kind=kind, is_active=True, owner=owner)
    flow = rows.first()
    if flow is None:
        raise Unknown()
    flow.is_active = False
    flow.save(update_fields=["is_active"])
    event = events.FlowEnded(file=account.file, subject_id=flow.pk, data=_called(flow))
    flow.receipt = outbox.publish(event, actor=actor, at=at)
    return flow


def _called(flow: Flow) -> dict[str, Any]:
    """What the ledger calls a flow; whose it is only when it is not the whole account's."""
    return {"kind": flow.kind, "version": flow.version, **({"owner": flow.owner} if flow.owner else {})}


@transaction.atomic
def set_segregation(*, actor: Actor, rule: str, strength: str, at: datetime) -> SegregationChoice:
    """Decide whether a rule that the law leaves to the account only warns or stops the act."""
    account = configured(actor)
    known = segregation.BY_CODE.get(rule)
    if known is None or strength not in segregation.STRENGTHS:
        raise Unknown()
    if known.is_fixed:
        raise Refused(Objection("rule_is_fixed", _("This rule cannot be weakened."), "strength", str(known.source)))
    choice, _is_new = SegregationChoice.objects.update_or_create(
        account=account, rule=rule, defaults={"strength": strength}
    )
    data = {"rule": rule, "strength": strength}
    outbox.publish(events.SegregationSet(file=account.file, subject_id=choice.pk, data=data), actor=actor, at=at)
    return choice


def configured(actor: Actor) -> Account:
    """The account, locked, for whoever configures it: two administrators wait for one another."""
    rows = Account.objects.select_for_update(of=("self",)).select_related("organization")
    account = rows.filter(pk=actor.account_id or 0).first()
    if account is None:
        raise Unknown()
    POLICY.require(actor, Act.CONFIGURE, account)
    return account


def refresh(account: Account) -> None:
    """Write down in each place what the profiles of the account give it."""
    with connection.cursor() as cursor:
        cursor.execute(PROFILE_ROLES, [account.pk])


def places_called(account: Account, codes: Iterable[str], field: str) -> list[Membership]:
    """The accepted places of these people in the account; all must be there."""
    wanted = list(dict.fromkeys(codes))
    rows = Membership.objects.accepted().filter(account=account, user__code__in=wanted).select_related("user")
    found = list(rows.order_by("pk"))
    if len(found) != len(wanted):
        raise Refused(Objection("person_unknown", _("Choose people who have access to the account."), field))
    return found


def _units(account: Account, references: Iterable[str]) -> list[ContractingUnit]:
    wanted = list(dict.fromkeys(references))
    found = list(ContractingUnit.objects.filter(account=account, reference__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise Refused(Objection("unit_unknown", _("Choose contracting units of the account."), "units"))
    return found


def _found(model: type[Any], account: Account, code: str) -> Any:
    rows = model.objects.filter(account=account, code=code)
    found = rows.filter(is_active=True).first() if model is Profile else rows.first()
    if found is None:
        raise Unknown()
    return found


def _cannot_sign(roles: Iterable[str], places: Iterable[Membership]) -> list[Objection]:
    """Nobody gets a role that binds the account without the second factor with which they would sign."""
    if not BINDING_ROLES.intersection(roles):
        return []
    sentence = _("%(name)s needs a second factor first: these roles sign acts that bind the account.")
    without = {place.user.full_name for place in places if not factors.has_second_factor(place.user)}
    return [Objection("second_factor_missing", sentence % {"name": name}, "people") for name in sorted(without)]


def _save(row: Any, taken: str, field: str = "name") -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(Objection("name_taken", taken, field)) from error


def _codes(places: Iterable[Membership]) -> list[str]:
    return sorted(place.user.code for place in places)


def _announce(event: type[Event], row: Profile | Group, actor: Actor, at: datetime, **more: Any) -> Entry:
    data = {"code": row.code, "name": row.name, **more}
    return outbox.publish(event(file=row.account.file, subject_id=row.pk, data=data), actor=actor, at=at)
