"""Correcting an active account: what its administrator changes alone, and what the desk has to agree to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.codelists import queries as codelists
from pliego.codelists.countries import HOME
from pliego.documents import services as documents_of
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.parties import kinds, rules
from pliego.parties.events import AccountChanged, ChangeApproved, ChangeAsked, ChangeRefused, PaperAdded
from pliego.parties.models import Account, AccountPaper, Change, Membership
from pliego.parties.policy import REGISTRATION, Act
from pliego.parties.roles import roles_for
from pliego.parties.services import Attached, keep_paper, locked, name_organization, open_papers, person_of, public
from pliego.parties.states import CHANGE
from pliego.web.fields import Upload


@dataclass(frozen=True)
class Changeable:
    """A field of an active account, and whether changing it needs the desk, for who buys and for who sells."""

    name: str
    desk_for_buyers: bool
    desk_for_suppliers: bool = False


# fmt: off
FIELDS = (
    #           field                  the desk agrees, of   an entity   a supplier
    Changeable("legal_name",                                 True,       True),
    Changeable("short_name",                                 False),
    Changeable("kind",                                       True,       True),
    Changeable("business_area",                              True),
    Changeable("order",                                      True),
    Changeable("branch",                                     True),
    Changeable("sector",                                     True),
    Changeable("entity_type",                                True),
    Changeable("in_siif",                                    True),
    Changeable("pci",                                        True),
    Changeable("parent",                                     True),
    Changeable("municipality",                               False),
    Changeable("address",                                    False),
    Changeable("phone",                                      False),
    Changeable("email",                                      False),
    Changeable("notification_email",                         False),
    Changeable("representative_name",                        False,      False),
    Changeable("representative_document_type",               False,      False),
    Changeable("representative_document_number",             False,      False),
)
# fmt: on
SIDES = {"buyer", "supplier", "promoter"}  # how other rooms call the account that acts in something
OF_ENTITIES = {"business_area", "order", "branch", "sector", "entity_type", "in_siif", "pci", "parent"}
OF_SUPPLIERS = {"representative_name", "representative_document_type", "representative_document_number"}


def needs_desk(account: Account, name: str) -> bool:
    row = next(row for row in FIELDS if row.name == name)
    return row.desk_for_buyers if account.is_buyer else row.desk_for_suppliers


def fields_of(account: Account) -> list[str]:
    hidden = (set() if account.is_buyer else OF_ENTITIES) | (set() if account.is_supplier else OF_SUPPLIERS)
    return [row.name for row in FIELDS if row.name not in hidden]


def values_of(account: Account) -> dict[str, Any]:
    """What is registered now, as the form shows it."""
    own = {name: getattr(account, name) for name in fields_of(account) if name not in {"legal_name", "short_name"}}
    own |= {"legal_name": account.name, "short_name": account.organization.short_name}
    if "parent" in own:
        own["parent"] = account.parent.code if account.parent else ""
    return own


@transaction.atomic
def change_data(
    *,
    actor: Actor,
    account_id: int,
    data: Mapping[str, Any],
    at: datetime,
    reason: str = "",
    paper: Upload | None = None,
) -> Account:
    """Change what may be changed alone, at once, and ask the desk for the rest."""
    account = locked(account_id)
    REGISTRATION.require(actor, Act.ASK_CHANGE, account)
    before = values_of(account)
    asked = {name: _clean(name, data[name]) for name in fields_of(account) if name in data}
    different = {name: value for name, value in asked.items() if value != before[name]}
    refuse_if_any(_is_wrong(account, {**before, **different}))
    alone = {name: value for name, value in different.items() if not needs_desk(account, name)}
    rest = {name: [before[name], value] for name, value in different.items() if name not in alone}
    if not different:
        raise Refused(Objection("nothing_changed", _("Nothing is different from what is registered.")))
    if alone:
        _apply(account, alone)
        told = {"account": account.code, "fields": sorted(alone)}
        event = AccountChanged(file=account.file, subject_id=account.pk, data=told)
        account.receipt = outbox.publish(event, actor=actor, at=at)
    if rest:
        _ask(account, Change.Kind.DATA, rest, actor, at, reason=reason, paper=paper)
    return account


@transaction.atomic
def ask_to_sell(*, actor: Actor, account_id: int, reason: str, at: datetime) -> Change:
    """An entity that also provides goods or services to others asks the desk for it (guide, section 6)."""
    account = locked(account_id)
    REGISTRATION.require(actor, Act.ASK_CHANGE, account)
    if account.is_supplier:
        raise Refused(Objection("already_done", _("This account already sells.")))
    return _ask(account, Change.Kind.SELL, {"is_supplier": [False, True]}, actor, at, reason=reason)


@transaction.atomic
def ask_other_type(*, actor: Actor, account_id: int, kind: str, reason: str, at: datetime) -> Change:
    """A supplier that registered as entity, or the reverse. Only while the account has done nothing yet."""
    account = locked(account_id)
    REGISTRATION.require(actor, Act.ASK_CHANGE, account)
    refuse_if_any(_kind_does_not_fit(account, kind), _is_in_use(account))
    return _ask(account, Change.Kind.RETYPE, {"kind": [account.kind, kind]}, actor, at, reason=reason)


@transaction.atomic
def approve(*, actor: Actor, change_id: int, at: datetime) -> Change:
    """The desk agrees, and it counts at once."""
    change = _decidable(actor, change_id)
    CHANGE.fire(change, "approve", at=at)
    account = change.account
    if change.kind == Change.Kind.SELL:
        account.is_supplier = True
        account.save(update_fields=["is_supplier"])
    elif change.kind == Change.Kind.RETYPE:
        refuse_if_any(_is_in_use(account))
        _retype(account, change.data["kind"][1])
    else:
        asked = {name: pair[1] for name, pair in change.data.items()}
        refuse_if_any(_is_wrong(account, {**values_of(account), **asked}))
        _apply(account, asked)
    return _decided(change, ChangeApproved, actor, at, "")


@transaction.atomic
def refuse(*, actor: Actor, change_id: int, answer: str, at: datetime) -> Change:
    """The desk does not agree, and says why."""
    change = _decidable(actor, change_id)
    if not answer.strip():
        raise Refused(Objection("reason_missing", _("Write why."), "answer"))
    CHANGE.fire(change, "refuse", at=at)
    return _decided(change, ChangeRefused, actor, at, answer)


@transaction.atomic
def renew_paper(*, actor: Actor, account_id: int, field: str, sent: Attached, at: datetime) -> AccountPaper:
    """Put a newer document in the place of one of the registration, of an active account."""
    account = locked(account_id)
    REGISTRATION.require(actor, Act.ASK_CHANGE, account)
    paper = next((paper for paper in rules.ALL_PAPERS if paper.field == field), None)
    if paper is None or not account.is_buyer:
        raise Unknown()
    refuse_if_any(rules.dates_are_wrong(paper, sent.dates, calendar.day_of(at)))
    kept = keep_paper(account, actor, paper, sent, at)
    open_papers(account, at)
    told = {"account": account.code, "kind": paper.kind, "document": kept.document.code}
    event = PaperAdded(file=account.file, subject_id=account.pk, data=told, documents=(kept.document.sha256,))
    outbox.publish(event, actor=actor, at=at)
    return kept


def is_in_use(account: Account) -> bool:
    """Whether it has acted in any file but its own, or another room names it as buyer or seller (drafts too)."""
    acted = Entry.objects.filter(account_id=account.pk).exclude(file=account.file).exclude(file__startswith="persona:")
    if acted.exists():
        return True
    for relation in Account._meta.related_objects:
        name, rows = relation.field.name, relation.related_model._default_manager
        if name in SIDES and rows.filter(**{name: account.pk}).exists():
            return True
    return False


def _is_in_use(account: Account) -> Iterator[Objection]:
    if is_in_use(account):
        sentence = _("The account already has plans, processes, offers or contracts: its type cannot change.")
        yield Objection("account_in_use", sentence)


def _kind_does_not_fit(account: Account, kind: str) -> Iterator[Objection]:
    wanted = rules.SUPPLIER_KINDS if account.is_buyer else rules.ENTITY_KINDS
    if kind not in wanted or kinds.is_natural(kind):
        yield Objection("not_an_option", _("Choose an option of the list."), "kind")


def _is_wrong(account: Account, told: Mapping[str, Any]) -> Iterator[Objection]:
    """The same rules as at the registration, on how the account would be."""
    if account.is_buyer:
        blank = {"nit": account.nit}
        names = rules.EntityData.__dataclass_fields__
        data = rules.EntityData(**{**blank, **{k: v for k, v in told.items() if k in names}})
        yield from rules.identity_is_wrong(data)
        yield from rules.contact_is_wrong(data, "email", "notification_email")
        if data.parent and not Account.objects.filter(code=data.parent, is_buyer=True).exclude(pk=account.pk).exists():
            yield Objection("parent_unknown", _("The entity on which it depends must be registered."), "parent")
    else:
        names = rules.SupplierData.__dataclass_fields__
        supplier = rules.SupplierData(**{k: v for k, v in told.items() if k in names})
        abroad = account.country != HOME
        yield from rules.contact_is_wrong(supplier, "notification_email", abroad=abroad)
        if told["kind"] not in rules.SUPPLIER_KINDS:
            yield Objection("not_an_option", _("Choose an option of the list."), "kind")
    if told["municipality"] and codelists.place_of(told["municipality"]) is None:
        yield Objection("municipality_unknown", _("Choose the municipality from the list."), "municipality")


def _clean(name: str, value: Any) -> Any:
    if name in {"email", "notification_email"}:
        return str(value).strip().lower()
    if name in {"legal_name", "short_name"}:
        return rules.normalised_name(str(value))
    return " ".join(value.split()) if isinstance(value, str) else value


def _apply(account: Account, told: Mapping[str, Any]) -> None:
    organization = account.organization
    if told.keys() & {"legal_name", "short_name"}:
        name_organization(
            organization,
            told.get("legal_name", organization.legal_name),
            told.get("short_name", organization.short_name),
        )
        organization.save()
    for name, value in told.items():
        if name == "parent":
            account.parent = Account.objects.filter(code=value, is_buyer=True).first() if value else None
        elif name not in {"legal_name", "short_name"}:
            setattr(account, name, value)
    account.department = account.municipality[:2]
    if account.confirmed_email != account.notification_email:
        account.confirmed_email = ""
    account.save()


def _retype(account: Account, kind: str) -> None:
    """The account is of the other type from now on; roles that do not exist in it fall."""
    account.kind, account.is_buyer = kind, kinds.group_of(kind) == kinds.ENTITY
    account.is_supplier = not account.is_buyer
    account.business_area = "public" if account.is_buyer else "private"
    account.save()
    fitting = {role.code for role in roles_for(is_buyer=account.is_buyer, is_supplier=account.is_supplier)}
    for place in Membership.objects.select_for_update().filter(account=account):
        place.roles = [role for role in place.roles if role in fitting]
        place.save(update_fields=["roles"])


def _ask(
    account: Account, kind: str, data: Any, actor: Actor, at: datetime, *, reason: str, paper: Upload | None = None
) -> Change:
    if Change.objects.filter(account=account, kind=kind, state="requested").exists():
        raise Refused(Objection("already_asked", _("The service desk already has a request like this one.")))
    if not reason.strip():
        raise Refused(Objection("reason_missing", _("Write why, for the service desk."), "reason"))
    told = {"kind": "change_support", "file": account.file, "audience": "desk", "at": at, "field": "paper"}
    document = documents_of.take(actor=actor, value=paper, **told) if paper else None  # type: ignore[arg-type]
    change = Change.objects.create(
        code=f"CAM-{random_code()}", account=account, kind=kind, data=data, reason=" ".join(reason.split())[:1000],
        document=document, requested_by=person_of(actor), requested_at=at,
    )  # fmt: skip
    asked = {"account": account.code, "change": change.code, "kind": kind, "fields": sorted(data)}
    change.receipt = outbox.publish(
        ChangeAsked(file=account.file, subject_id=change.pk, data=asked), actor=actor, at=at
    )
    return change


def _decidable(actor: Actor, change_id: int) -> Change:
    found = Change.objects.filter(pk=change_id).first()
    if found is None:
        raise Unknown()
    account = locked(found.account_id)
    REGISTRATION.require(actor, Act.DECIDE_CHANGE, account)
    change = Change.objects.select_for_update(of=("self",)).get(pk=change_id)
    change.account = account
    return change


def _decided(change: Change, event: Any, actor: Actor, at: datetime, answer: str) -> Change:
    change.decided_by_id, change.decided_at, change.answer = actor.user_id, at, " ".join(answer.split())[:1000]
    change.save()
    account = change.account
    told = {**public(account), "change": change.code, "what": change.kind, "fields": sorted(change.data)}
    change.receipt = outbox.publish(event(file=account.file, subject_id=change.pk, data=told), actor=actor, at=at)
    return change
