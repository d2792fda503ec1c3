"""Making, revising and retiring the templates of an entity."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.blueprints import events, files
from pliego.blueprints.models import Blueprint, BlueprintVersion
from pliego.blueprints.policy import POLICY, ROOM_POLICY, Act, RoomAct
from pliego.blueprints.states import BLUEPRINT
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.methods import catalogue
from pliego.parties.models import Account
from pliego.tendering import sections
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY as TENDER_POLICY
from pliego.tendering.policy import Act as TenderAct
from pliego.tendering.sections import Content, Section
from pliego.tendering.services import process_source


@dataclass(frozen=True, kw_only=True)
class BlueprintData:
    """What a person says of a template, beside its sections."""

    name: str
    description: str = ""
    methods: Sequence[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The sections of a version, and the method in whose envelopes its questions are."""

    sections: dict[str, Content]
    method: str
    method_version: str
    made_from: str = ""


def sections_to_keep(tender: Tender) -> list[Section]:
    """Those of a process that may be in a template: the ones that another process may copy, if they say something."""
    itself = process_source(tender)
    return [s for s in sections.of(tender) if s.shape and s.copies(tender, itself) and s.is_started(tender)]


def own_left_out(section: Section, tender: Tender) -> Content:
    """What a section says, without what is each process's own."""
    return {name: value for name, value in section.plain(tender).items() if name not in section.own}


@transaction.atomic
def save_blueprint(
    *,
    actor: Actor,
    tender_id: int,
    parts: Sequence[str],
    data: BlueprintData,
    at: datetime,
    code: str = "",
    seen: int = 0,
) -> Blueprint:
    """Keep sections of a process of one's own as a template, or put them in a new version of the one with that code."""
    blueprint = _held(actor, code, Act.REVISE, seen) if code else _new(actor, at)
    tender = Tender.objects.filter(pk=tender_id).first()
    if tender is None:
        raise Unknown()
    TENDER_POLICY.require(actor, TenderAct.READ_DRAFT, tender)
    known = {section.code: section for section in sections_to_keep(tender)}
    if not parts or set(parts) - known.keys():
        sentence = _("Choose at least one section that says something in this process.")
        raise Refused(Objection("no_sections", sentence, "parts"))
    taken = {part: own_left_out(known[part], tender) for part in known if part in parts}
    if code:
        before = blueprint.versions.get(number=blueprint.version)
        _unless_other_envelopes(before, tender, taken)
        taken = {**before.sections, **taken}
    origin = {"method": tender.method, "method_version": tender.method_version, "made_from": tender.code}
    return _versioned(blueprint, data, Kept(sections=taken, **origin), actor=actor, at=at)


def _unless_other_envelopes(before: BlueprintVersion, tender: Tender, taken: dict[str, Content]) -> None:
    """The questions that stay in a template are in the envelopes of its method."""
    if "questionnaire" in before.sections and "questionnaire" not in taken and before.method != tender.method:
        sentence = _("The questions of the template are of another method: take those of this process too.")
        raise Refused(Objection("other_envelopes", sentence, "parts"))


@transaction.atomic
def revise_blueprint(
    *, actor: Actor, code: str, data: BlueprintData, parts: Sequence[str], at: datetime, seen: int = 0
) -> Blueprint:
    """Make a new version with another name, description or methods, and only those of its sections."""
    blueprint = _held(actor, code, Act.REVISE, seen)
    before = blueprint.versions.get(number=blueprint.version)
    if not parts or set(parts) - before.sections.keys():
        raise Refused(Objection("no_sections", _("Leave at least one of its sections."), "parts"))
    left = {part: content for part, content in before.sections.items() if part in parts}
    origin = {name: getattr(before, name) for name in ("method", "method_version", "made_from")}
    return _versioned(blueprint, data, Kept(sections=left, **origin), actor=actor, at=at)


@transaction.atomic
def import_blueprint(*, actor: Actor, content: bytes | str | dict[str, Any], at: datetime) -> Blueprint:
    """Keep a template that another entity, or another installation, gave in a file."""
    blueprint, found = _new(actor, at), files.read(content)
    data = BlueprintData(name=found.name, description=found.description, methods=found.methods)
    kept = Kept(sections=found.sections, method=found.method, method_version=found.method_version)
    return _versioned(blueprint, data, kept, actor=actor, at=at)


@transaction.atomic
def retire_blueprint(*, actor: Actor, code: str, at: datetime) -> Blueprint:
    """Stop offering it. It can still be read, and what was copied from it stays."""
    return _moved(actor, code, Act.RETIRE, events.BlueprintRetired, at)


@transaction.atomic
def restore_blueprint(*, actor: Actor, code: str, at: datetime) -> Blueprint:
    """Offer it again."""
    return _moved(actor, code, Act.RESTORE, events.BlueprintRestored, at)


def _moved(actor: Actor, code: str, act: Act, event: Any, at: datetime) -> Blueprint:
    blueprint = _held(actor, code, act, 0)
    BLUEPRINT.fire(blueprint, str(act), at=at)
    blueprint.save(update_fields=["state"])
    data = {"code": blueprint.code, "name": blueprint.name, "version": blueprint.version}
    told = event(file=blueprint.account.file, subject_id=blueprint.pk, data=data)
    blueprint.receipt = outbox.publish(told, actor=actor, at=at)
    return blueprint


def _held(actor: Actor, code: str, act: Act, seen: int) -> Blueprint:
    """The locked template, when the actor may do this to it, and it is still the version that they saw."""
    rows = Blueprint.objects.visible_to(actor).select_for_update(of=("self",)).select_related("account__organization")
    if (blueprint := rows.filter(code=code).first()) is None:
        raise Unknown()
    POLICY.require(actor, act, blueprint)
    if seen and seen != blueprint.version:
        sentence = _("Somebody else saved version %(n)s of this template meanwhile. Look at it, and save again.")
        raise Refused(Objection("edited_meanwhile", sentence % {"n": blueprint.version}))
    return blueprint


def _new(actor: Actor, at: datetime) -> Blueprint:
    """One without versions yet, when the actor may make it."""
    account = Account.objects.select_related("organization").filter(pk=actor.account_id or 0).first()
    if account is None:
        raise Unknown()
    ROOM_POLICY.require(actor, RoomAct.MAKE, account)
    return Blueprint(account=account, code=next_public_id("template"), version=0, made_at=at)


def _versioned(blueprint: Blueprint, data: BlueprintData, kept: Kept, *, actor: Actor, at: datetime) -> Blueprint:
    """Write the next version, and say so on the file of the account."""
    refuse_if_any(_wrong(data))
    methods = list(dict.fromkeys(data.methods)) or [kept.method]
    said = {"name": " ".join(data.name.split()), "description": data.description.strip(), "methods": methods}
    for name, value in said.items():
        setattr(blueprint, name, value)
    blueprint.version += 1
    blueprint.save()
    BlueprintVersion.objects.create(
        blueprint=blueprint,
        number=blueprint.version,
        made_by_id=actor.user_id or 0,
        made_at=at,
        **vars(kept),
        **said,
    )
    marks = {part: sections.mark(content) for part, content in kept.sections.items()}
    told = {"code": blueprint.code, "version": blueprint.version, "name": blueprint.name, "methods": methods}
    event = events.BlueprintSaved(
        file=blueprint.account.file,
        subject_id=blueprint.pk,
        data={**told, "sections": marks, "made_from": kept.made_from},
    )
    blueprint.receipt = outbox.publish(event, actor=actor, at=at)
    return blueprint


def _wrong(data: BlueprintData) -> list[Objection]:
    found = []
    if not data.name.strip():
        found.append(Objection("missing", _("Write the name of the template."), "name"))
    if len(data.name) > 200 or len(data.description) > 2000:
        found.append(Objection("too_long", _("The name has at most 200 letters and the description 2000."), "name"))
    known = {method.code for method in catalogue.every()}
    if set(data.methods) - known:
        found.append(Objection("unknown_method", _("Choose methods of the list."), "methods"))
    return found
