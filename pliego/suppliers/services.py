"""A supplier keeps its profile, its experience, its capacity, its register and its bank account."""

import re
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pliego.codelists import queries as codelists
from pliego.documents import services as documents_of
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.parties.models import Account
from pliego.parties.services import locked
from pliego.suppliers import rules, sizes
from pliego.suppliers.events import BankAccountChanged, ProfileChanged
from pliego.suppliers.models import BankAccount, BiddersRegister, Experience, FinancialYear, Profile
from pliego.suppliers.policy import POLICY, Act
from pliego.suppliers.rules import ExperienceData, ProfileData, Statement
from pliego.web.fields import Upload


@transaction.atomic
def save_profile(*, actor: Actor, account_id: int, data: ProfileData, at: datetime) -> Profile:
    """What it sells and how large it is. The size is told by the law, not by the supplier."""
    account = _mine(actor, account_id)
    refuse_if_any(rules.profile_is_wrong(data, calendar.day_of(at)), _category_is_unknown(data.main_category))
    profile = Profile.objects.filter(account=account).first() or Profile(account=account)
    for name, value in asdict(data).items():
        setattr(profile, name, " ".join(value.split()) if isinstance(value, str) else value)
    profile.updated_at, profile.size_basis = at, ""
    if data.activity and data.income_amount is not None and data.income_year is not None:
        size = sizes.size_of(activity=data.activity, income=data.income_amount, year=data.income_year)
        profile.size_basis, account.size = size.basis[:100], size.code
        account.save(update_fields=["size"])
    profile.save()
    profile.receipt = _announce(account, "profile", actor, at)
    return profile


def _category_is_unknown(code: str) -> Objection | None:
    if not code or not codelists.has_whole_unspsc() or codelists.unspsc_name(code):
        return None
    return Objection("category_unknown", _("There is no such code in the classification."), "main_category")


@transaction.atomic
def add_experience(
    *, actor: Actor, account_id: int, data: ExperienceData, at: datetime, proof: Upload | None = None
) -> Experience:
    """A contract that it performed, with its certificate."""
    account = _mine(actor, account_id)
    refuse_if_any(rules.experience_is_wrong(data, calendar.day_of(at)))
    last = Experience.objects.filter(account=account).aggregate(last=Max("number"))["last"] or 0
    told = {
        **asdict(data),
        "unspsc": list(data.unspsc),
        "document": _keep(actor, account, proof, "experience_proof", at),
    }
    kept = Experience.objects.create(account=account, number=last + 1, **told)
    _announce(account, "experience", actor, at, kept.document)
    return kept


@transaction.atomic
def withdraw_experience(*, actor: Actor, account_id: int, number: int, at: datetime) -> Experience:
    """It no longer counts; it is not erased."""
    account = _mine(actor, account_id)
    found = Experience.objects.filter(account=account, number=number, is_withdrawn=False).first()
    if found is None:
        raise Unknown()
    found.is_withdrawn = True
    found.save(update_fields=["is_withdrawn"])
    _announce(account, "experience", actor, at)
    return found


@transaction.atomic
def save_statement(
    *, actor: Actor, account_id: int, data: Statement, at: datetime, proof: Upload | None = None
) -> FinancialYear:
    """The financial statements at a cut-off; the indicators are computed from them."""
    account = _mine(actor, account_id)
    refuse_if_any(rules.statement_is_wrong(data, calendar.day_of(at)))
    told: dict[str, Any] = asdict(data)
    if document := _keep(actor, account, proof, "financial_statement", at):
        told["document"] = document
    as_of = told.pop("as_of")
    kept, _new = FinancialYear.objects.update_or_create(account=account, as_of=as_of, defaults=told)
    _announce(account, "capacity", actor, at, kept.document)
    return kept


@transaction.atomic
def save_register(
    *,
    actor: Actor,
    account_id: int,
    number: str,
    chamber: str,
    registered_on: date,
    renewed_on: date,
    at: datetime,
    firm_on: date | None = None,
    proof: Upload | None = None,
) -> BiddersRegister:
    """Its inscription in the register of bidders (RUP), with its dates."""
    account = _mine(actor, account_id)
    refuse_if_any(rules.register_is_wrong(registered_on, renewed_on, firm_on, calendar.day_of(at)))
    told: dict[str, Any] = {
        "number": number.strip(), "chamber": " ".join(chamber.split()), "registered_on": registered_on,
        "renewed_on": renewed_on, "firm_on": firm_on,
    }  # fmt: skip
    if document := _keep(actor, account, proof, "bidders_register", at):
        told["document"] = document
    kept, _new = BiddersRegister.objects.update_or_create(account=account, defaults=told)
    _announce(account, "register", actor, at, kept.document)
    return kept


@transaction.atomic
def save_bank_account(
    *,
    actor: Actor,
    account_id: int,
    bank: str,
    kind: str,
    number: str,
    holder: str,
    at: datetime,
    proof: Upload | None = None,
) -> BankAccount:
    """Where it is paid. The event says that it changed, never to what."""
    account = locked(account_id)
    POLICY.require(actor, Act.EDIT_BANK, account)
    digits = re.sub(r"[\s\-.]", "", number)
    if not re.fullmatch(r"\d{6,20}", digits):
        raise Refused(Objection("bank_number_wrong", _("Write the number of the account in 6 to 20 digits."), "number"))
    told: dict[str, Any] = {
        "bank": " ".join(bank.split()), "kind": kind, "number": digits, "holder": " ".join(holder.split()),
        "updated_at": at,
    }  # fmt: skip
    if proof:
        told["document"] = documents_of.take(
            actor=actor,
            value=proof,
            kind="bank_certificate",
            file=account.file,
            audience="account",
            at=at,
            field="proof",
        )
    kept, _new = BankAccount.objects.update_or_create(account=account, defaults=told)
    event = BankAccountChanged(file=account.file, subject_id=account.pk, data={"account": account.code})
    outbox.publish(event, actor=actor, at=at)
    return kept


def _mine(actor: Actor, account_id: int) -> Account:
    account = locked(account_id)
    POLICY.require(actor, Act.EDIT, account)
    return account


def _keep(actor: Actor, account: Account, proof: Upload | None, kind: str, at: datetime) -> Document | None:
    if not proof:
        return None
    told = {"kind": kind, "file": account.file, "audience": "buyers", "at": at, "field": "proof"}
    return documents_of.take(actor=actor, value=proof, **told)  # type: ignore[arg-type]


def _announce(account: Account, what: str, actor: Actor, at: datetime, document: Document | None = None) -> Entry:
    data, papers = {"account": account.code, "what": what}, (document.sha256,) if document else ()
    event = ProfileChanged(file=account.file, subject_id=account.pk, data=data, documents=papers)
    return outbox.publish(event, actor=actor, at=at)
