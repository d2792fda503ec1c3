"""What an act is about, as far as telling people needs it: read once, when a row of the table asks."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from pliego.accounts.models import User
from pliego.auctions.events import TRAINING_FILE
from pliego.bidding.models import Bid, SealedDraft
from pliego.bidding.reach import to_seal_again
from pliego.contracts.models import Contract
from pliego.correspondence.models import Recipient
from pliego.enquiries.models import Enquiry
from pliego.kernel.dates import day, instant
from pliego.kernel.events import Announced
from pliego.kernel.money import cop, format_money
from pliego.ledger.models import Entry
from pliego.panels.models import Impediment, Member
from pliego.parties.models import Account, Membership
from pliego.tendering.models import Tender

# Every name that a sentence of the table may use; what an act does not have is empty.
NAMES = (
    "about", "account", "account_code", "actor", "added", "amount", "case", "cause_title", "changed", "closing_reason",
    "contract", "defect", "dropped", "ends_on", "grantor", "kind", "link", "load", "lot", "lot_title", "merger",
    "months", "name", "number", "of_lot", "person", "person_code", "place", "planned_on", "reason", "receipt",
    "resolution", "rows",
    "stage_title", "resumes_at", "starts_at", "subject", "supplier", "suspension", "task", "tender", "title", "value",
    "wrong", "year",
)  # fmt: skip


class Subject:
    """An announced act with the objects around it."""

    def __init__(self, announced: Announced) -> None:
        self.announced, self.data = announced, announced.data

    @cached_property
    def entry(self) -> Entry:
        return Entry.objects.get(pk=self.announced.entry_id)

    @cached_property
    def tender(self) -> Tender | None:
        return Tender.objects.filter(ocid=self.announced.file.removeprefix(TRAINING_FILE)).first()

    @cached_property
    def contract(self) -> Contract | None:
        code = self.data.get("contract", "")
        return Contract.objects.select_related("buyer", "supplier").filter(code=code).first()

    @cached_property
    def account(self) -> Account | None:
        """The account that the file is of."""
        code = self.announced.file.removeprefix("cuenta:")
        return Account.objects.select_related("organization").filter(code=code).first()

    @cached_property
    def place(self) -> Membership | None:
        found = Membership.objects.select_related("user", "account__organization")
        return found.filter(pk=self.announced.subject_id, user__code=self.data.get("person", "")).first()

    @cached_property
    def person(self) -> User | None:
        return User.objects.filter(code=self.announced.file.removeprefix("persona:")).first()

    @cached_property
    def bid(self) -> Bid | None:
        return Bid.objects.select_related("supplier").filter(code=self.data.get("bid", "")).first()

    def askers(self) -> list[Account]:
        """Suppliers whose observations the act is about; what the entity asked itself is nobody's news."""
        codes = [self.data.get("enquiry", ""), *(row["enquiry"] for row in self.data.get("together", []))]
        asked = Enquiry.objects.filter(code__in=codes).exclude(account=F("tender__buyer"))
        return list(Account.objects.filter(pk__in=asked.values("account")).order_by("pk"))

    def interested(self) -> list[Account]:
        """Suppliers who take part: invited or interested, who asked something, are preparing or presented an offer."""
        tender = self.tender
        if tender is None:
            return []
        asked = Q(pk__in=Enquiry.objects.filter(tender=tender).exclude(account=tender.buyer_id).values("account"))
        bidding = Q(pk__in=Bid.objects.filter(tender=tender).exclude(state="draft").values("supplier"))
        drafting = Q(pk__in=SealedDraft.objects.filter(tender=tender).values("supplier"))
        invited = Q(pk__in=tender.invitations.values("supplier"))
        eager = Q(pk__in=tender.interests.values("supplier")) | Q(pk__in=tender.candidacies.values("supplier"))
        return list(Account.objects.filter(asked | bidding | drafting | invited | eager).order_by("pk"))

    def recipients(self) -> list[Account]:
        """To whom the message of the act was delivered."""
        delivered = Recipient.objects.filter(message__code=self.data.get("message", "")).values("account")
        return list(Account.objects.filter(pk__in=delivered).order_by("pk"))

    def evaluators(self) -> list[User]:
        """Those of the entity who serve."""
        seats = Member.objects.filter(tender=self.tender, state="serving", user__isnull=False).select_related("user")
        return [seat.user for seat in seats.order_by("number") if seat.user] if self.tender else []

    def recuser(self) -> Account | None:
        """The supplier whose recusal the act is about."""
        rows = Impediment.objects.filter(tender=self.tender, number=self.data.get("impediment") or 0, kind="recusal")
        found = rows.select_related("supplier__organization").first() if self.tender else None
        return found.supplier if found else None

    def bidders(self) -> list[Account]:
        """Suppliers whose offer stands."""
        standing = Bid.objects.standing().filter(tender=self.tender)
        return list(Account.objects.filter(pk__in=standing.values("supplier")).order_by("pk")) if self.tender else []

    def unconfirmed(self) -> list[Account]:
        """Suppliers whose offer does not count until they confirm it."""
        if self.tender is None:
            return []
        waiting = Bid.objects.filter(
            tender=self.tender, state="submitted", confirmed_version__lt=self.tender.binding_version
        )
        return list(Account.objects.filter(pk__in=waiting.values("supplier")).order_by("pk"))

    def sealed_before(self) -> list[Account]:
        """Suppliers whose offer the keys that are left do not open."""
        bids = to_seal_again(self.tender) if self.tender else []
        return list(Account.objects.filter(pk__in=[bid.supplier_id for bid in bids]).order_by("pk"))

    @cached_property
    def values(self) -> dict[str, str]:
        """What sentences and addresses may say."""
        tender, contract, place = self.tender, self.contract, self.place
        account = place.account if place else self.account
        known = {
            "account": account.name if account else "",
            "account_code": account.code if account else "",
            "actor": self.announced.actor_name,
            "amount": _money(self.data.get("amount")),
            "contract": contract.code if contract else "",
            "resumes_at": _hour(self.data.get("resumes_at")),
            "starts_at": _hour(self.data.get("starts_at")),
            "ends_on": day(date.fromisoformat(self.data["ends_on"])) if self.data.get("ends_on") else "",
            "planned_on": day(date.fromisoformat(self.data["planned_on"])) if "planned_on" in self.data else "",
            "person": place.user.full_name if place else "",
            "person_code": place.user.code if place else "",
            "reason": _text(self.data.get("reason") or self.data.get("reasons") or self.data.get("objection")),
            "of_lot": _("Lot %(n)s: ") % {"n": self.data["lot"]} if self.data.get("lot") else "",
            "receipt": self.entry.code,
            "supplier": self.data.get("supplier_name") or self.data.get("supplier") or "",
            "tender": tender.code if tender else "",
            "title": contract.title if contract else tender.title if tender else "",
            "value": _money(self.data.get("value")),
        }
        loose = {name: _text(self.data.get(name)) for name in NAMES if name not in known}
        return {name: str(value) for name, value in {**loose, **known}.items()}


def _hour(value: Any) -> str:
    return instant(datetime.fromisoformat(value)) if value else ""


def _money(value: Any) -> str:
    amount = value.get("amount") if isinstance(value, dict) else value
    try:
        return format_money(cop(Decimal(str(amount))))
    except (InvalidOperation, TypeError, ValueError):
        return _text(value)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case dict():
            return "; ".join(_text(item) for item in value.values())
        case list() | tuple():
            return "; ".join(_text(item) for item in value)
    return str(value)


def unique(users: Iterable[User]) -> list[User]:
    return list({user.pk: user for user in users}.values())
