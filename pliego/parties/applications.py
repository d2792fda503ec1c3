"""Filling in the registration of an entity part by part. Whatever was typed stays, complete or not, right or wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction

from pliego.accounts.models import User
from pliego.codelists import queries as codelists
from pliego.documents import services as documents_of
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Denied, Objection, Refused, Unknown, refuse_if_any
from pliego.parties import mailboxes, queries, rules, services
from pliego.parties.models import Account, Application
from pliego.parties.rules import Dates, EntityData
from pliego.parties.services import Attached
from pliego.parties.states import APPLICATION
from pliego.web.fields import Upload

IDENTITY = (
    "country", "kind", "business_area", "in_siif", "pci", "legal_name", "short_name", "nit", "order", "branch",
    "sector", "entity_type", "parent",
)  # fmt: skip
CONTACT = ("municipality", "address", "phone", "email", "notification_email")
PARTS = {"identity": IDENTITY, "contact": CONTACT, "papers": tuple(paper.field for paper in rules.ALL_PAPERS)}


@dataclass(frozen=True)
class Read:
    """An application as the form of an entity, with everything that stands against sending it, by part."""

    data: EntityData
    papers: dict[str, Attached]
    faults: dict[str, list[Objection]]

    @property
    def is_complete(self) -> bool:
        return not any(self.faults.values())


@transaction.atomic
def start(*, actor: Actor, nit: str, legal_name: str, at: datetime) -> Application:
    """Open a registration, or the one that this person left open for the same number."""
    if actor.user_id is None:
        raise Denied("Sign in to register an entity.")
    mine = Application.objects.select_for_update().filter(user_id=actor.user_id, state="open")
    for form in mine.order_by("-updated_at"):
        if form.data.get("nit", "").strip() == nit.strip():
            return form
    known = codelists.known_entity(nit)
    data = {
        "country": "CO", "kind": "state_entity", "business_area": "public", "nit": nit.strip(),
        "legal_name": legal_name.strip() or (known.name if known else ""),
        "order": known.order if known else "", "branch": known.branch if known else "",
        "sector": known.sector if known else "",
    }  # fmt: skip
    return Application.objects.create(
        code=f"REG-{random_code()}", user_id=actor.user_id, data=data, started_at=at, updated_at=at
    )


@transaction.atomic
def of_returned(*, actor: Actor, account: Account, at: datetime) -> Application:
    """The form of a registration that the desk returned, as it was sent, for any administrator of the account."""
    if found := Application.objects.filter(account=account, state="returned").order_by("-pk").first():
        return found
    assert actor.user_id is not None
    form = Application.objects.create(
        code=f"REG-{random_code()}", user_id=actor.user_id, account=account, data=queries.as_typed(account),
        papers={}, visited=list(PARTS), started_at=at, updated_at=at,
    )  # fmt: skip
    for act in ("send", "return"):
        APPLICATION.fire(form, act, at=at)
        form.save(update_fields=["state"])
    return form


def mine(*, actor: Actor, code: str) -> Application:
    """An application of this person, or of an account that they administer. Unknown to anybody else."""
    form = Application.objects.select_related("account__organization", "user").filter(code=code).first()
    administers = form is not None and form.account_id is not None and form.account_id == actor.account_id
    if form is None or not (form.user_id == actor.user_id or (administers and "administrator" in actor.roles)):
        raise Unknown()
    return form


@transaction.atomic
def save(*, actor: Actor, code: str, part: str, typed: Mapping[str, Any], at: datetime) -> Application:
    """Keep what was typed in a part, as it was typed."""
    form = _open(actor, code)
    form.data |= {name: typed[name] for name in PARTS[part] if name in typed}
    return _touched(form, part, at)


@transaction.atomic
def attach(*, actor: Actor, code: str, field: str, sent: Upload, at: datetime) -> Application:
    """Keep a document of the registration. It is seen by whoever attached it until the form is sent."""
    form = _open(actor, code)
    paper = next((paper for paper in rules.ALL_PAPERS if paper.field == field), None)
    if paper is None:
        raise Unknown()
    document = documents_of.take(
        actor=actor, value=sent, kind=paper.kind, file=form.file, audience="owner", at=at, field=field
    )
    form.papers[field] = {**form.papers.get(field, {}), "document": document.code, "name": document.name}
    return _touched(form, "papers", at)


@transaction.atomic
def date_papers(*, actor: Actor, code: str, dates: Mapping[str, Dates], at: datetime) -> Application:
    """Keep the dates of the documents and who may read each."""
    form = _open(actor, code)
    for field, told in dates.items():
        written = {"issued_on": _iso(told.issued_on), "expires_on": _iso(told.expires_on), "audience": told.audience}
        form.papers[field] = {**form.papers.get(field, {}), **written}
    return _touched(form, "papers", at)


def read(form: Application, at: datetime) -> Read:
    """What was typed, as the form that the rules know, with everything that is wrong in each part."""
    names = {field.name for field in fields(EntityData)}
    typed = {name: value for name, value in form.data.items() if name in names}
    blank: dict[str, Any] = {name: "" for name in names if name not in {"in_siif", "country", "business_area"}}
    data = EntityData(**{**blank, **typed})
    papers, today = papers_of(form), calendar.day_of(at)
    dates = services.dates_of(papers)
    if form.account is not None:
        dates = {**services.papers_held(form.account), **dates}
    faults = {
        "identity": list(rules.identity_is_wrong(data)),
        "contact": list(rules.contact_is_wrong(data, "email", "notification_email")),
        "papers": list(rules.papers_are_wrong(data.kind, dates, today)),
    }
    return Read(data, papers, faults)


def papers_of(form: Application) -> dict[str, Attached]:
    codes = {field: told["document"] for field, told in form.papers.items() if told.get("document")}
    found = {document.code: document for document in Document.objects.filter(code__in=codes.values())}
    return {field: Attached(found[code], dates_in(form, field)) for field, code in codes.items() if code in found}


def dates_in(form: Application, field: str) -> Dates:
    told = form.papers.get(field, {})
    return Dates(_day(told.get("issued_on")), _day(told.get("expires_on")), told.get("audience") or "")


@transaction.atomic
def send(*, actor: Actor, code: str, at: datetime) -> Account:
    """Register the entity, or send the corrected registration again; either asks the desk for the activation."""
    form = _open(actor, code)
    told = read(form, at)
    refuse_if_any(*told.faults.values())
    if form.account is None:
        account = services.register_entity(actor=actor, data=told.data, papers=told.papers, at=at)
    else:
        account = services.correct_entity(
            actor=actor, account_id=form.account.pk, data=told.data, papers=told.papers, at=at
        )
    account.confirmed_email = confirmed_address(form, told.data.notification_email)
    account.save(update_fields=["confirmed_email"])
    APPLICATION.fire(form, "send", at=at)
    form.account, form.updated_at = account, at
    form.save()
    return account


def confirmed_address(form: Application, email: str) -> str:
    """The notification address, when its code was typed or when it is the person's own, which is known to be read."""
    email = email.strip().lower()
    known = {mailboxes.confirmed(form.file), User.objects.get(pk=form.user_id).email}
    if form.account is not None:
        known.add(form.account.confirmed_email)
    return email if email in known else ""


@transaction.atomic
def drop(*, actor: Actor, code: str, at: datetime) -> None:
    """Leave a registration that will not be sent."""
    form = _open(actor, code)
    APPLICATION.fire(form, "drop", at=at)
    form.save(update_fields=["state"])


def _open(actor: Actor, code: str) -> Application:
    form = mine(actor=actor, code=code)
    form = Application.objects.select_for_update(of=("self",)).select_related("account__organization").get(pk=form.pk)
    if form.state not in {"open", "returned"}:
        raise Refused(*APPLICATION.objections(form, "send", at=form.updated_at))
    return form


def _touched(form: Application, part: str, at: datetime) -> Application:
    form.visited = list(dict.fromkeys([*form.visited, part]))
    form.updated_at = at
    form.save()
    return form


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
