"""Forms of auctions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.auctions import subjects
from pliego.auctions.models import Auction, Outside, Participant
from pliego.documents import filetypes, kinds
from pliego.kernel.money import Money, format_money
from pliego.tendering.forms import prose
from pliego.web.fields import DateTimeField, MoneyField, UploadField
from pliego.web.forms import Form

HIDDEN: dict[str, Any] = {"required": False, "widget": forms.HiddenInput}


class SureForm(Form):
    """Only to say yes."""

    def __init__(self, *args: Any, auction: Auction, **options: Any) -> None:
        super().__init__(*args, **options)
        self.auction = auction


class EnterForm(SureForm):
    public_key = forms.CharField(max_length=200, **HIDDEN)


class BidForm(SureForm):
    """One amount or, where bids are by items, the unit price of each line. `session` and `signature` come from the
    browser's key."""

    marks_optional = False
    amount = MoneyField(label=_("Your bid"), help_text=_("In pesos, for the whole."), required=False)
    is_sure = forms.BooleanField(label=_("Yes: that amount is what I offer"), required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    session = forms.CharField(max_length=32, **HIDDEN)
    signature = forms.CharField(max_length=120, **HIDDEN)

    def __init__(self, *args: Any, mine: Participant | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines: dict[str, str] = {}
        if self.auction.by != "items" or mine is None:
            return
        del self.fields["amount"]
        before = mine.prices or {k: str(p) for k, (_q, p) in subjects.starting_prices(self.auction, mine).items()}
        for key, line in subjects.items_of(self.auction.tender, self.auction.lot).items():
            name = f"prices.{key}"
            self.lines[name] = key
            label = f"{line.description} ({line.quantity.normalize():f} {line.unit})"
            self.fields[name] = MoneyField(label=label, initial=before.get(key), required=False)
        self.order_fields([*self.lines, "is_sure"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        prices = {key: data.pop(name) for name, key in self.lines.items() if data.get(name) is not None}
        for name in self.lines:
            data.pop(name, None)
        return {**data, "amount": data.get("amount"), "prices": prices}


class SuspendForm(SureForm):
    reason = prose(_("Why it is suspended"), most=2000, rows=4)
    resumes_at = DateTimeField(
        label=_("When it goes on"),
        help_text=_("By itself, with the time that is left. Leave it empty to say it later."),
        required=False,
    )


class ResumeForm(SureForm):
    resumes_at = DateTimeField(label=_("When it goes on"), help_text=_("Leave it empty: at once."), required=False)


class RecordForm(SureForm):
    note = prose(_("What should be on record"), most=4000, rows=5, required=False)


class CancelForm(SureForm):
    reason = prose(_("Why it is called off"), most=2000, rows=4)


class TrainingForm(Form):
    """When those who qualified try the room, and from which invented price."""

    lot = forms.TypedChoiceField(label=_("Lot"), coerce=int, required=False)
    starts_at = DateTimeField(label=_("When it starts"), help_text=_("It ends before the auction that counts starts."))
    minutes = forms.IntegerField(label=_("How many minutes it lasts"))
    reference = MoneyField(
        label=_("Initial price of everybody"),
        help_text=_("An invented one, the same for all; the budget, for instance. No price of an offer is used."),
    )

    def __init__(self, *args: Any, lots: Sequence[int], **options: Any) -> None:
        super().__init__(*args, **options)
        if not lots:
            del self.fields["lot"]
        else:
            self.fields["lot"].choices = [(number, str(number)) for number in lots]  # type: ignore[attr-defined]


class EachOffer(SureForm):
    """An amount or a figure of each offer."""

    prefix_name = ""

    def each(self, field: Any) -> None:
        for row in self.auction.participants.select_related("bid", "account__organization").order_by("bid_id"):
            name = f"{self.prefix_name}.{row.bid.code}"
            self.fields[name] = field(row)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start = f"{self.prefix_name}."
        told = {name.removeprefix(start): data.pop(name) for name in list(data) if name.startswith(start)}
        return {**data, self.prefix_name: {code: value for code, value in told.items() if value is not None}}


class GradeForm(EachOffer):
    prefix_name = "points"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        digits: dict[str, Any] = {"max_digits": 5, "decimal_places": 2, "required": False}
        self.each(lambda row: forms.DecimalField(label=row.account.name, initial=row.quality, **digits))


class MoveForm(SureForm):
    """Where an auction is to be held that is not held here."""

    place = forms.CharField(
        label=_("Where it is held"), help_text=_("The room and its address, or the service."), max_length=300
    )
    held_at = DateTimeField(label=_("When it is held"))
    reason = prose(_("Why it is not held here"), most=4000, rows=4)


class OutsideForm(EachOffer):
    """What an auction held elsewhere came to."""

    prefix_name = "prices"
    marks_optional = False  # of each bidder one of the two is needed: a price, or that it did not attend

    absent = forms.MultipleChoiceField(
        label=_("Who did not attend"), widget=forms.CheckboxSelectMultiple, required=False
    )
    place = forms.CharField(
        label=_("Where it was held"), help_text=_("The room and its address, or the service."), max_length=300
    )
    held_at = DateTimeField(label=_("When it was held"))
    reason = prose(_("Why it was not held here"), most=4000, rows=4)
    signers = prose(_("Who signed its minutes"), most=2000, rows=3)
    document = UploadField(
        label=_("Signed minutes"),
        help_text=_("With the bids as they were made. Everybody can read them at once."),
        purpose="auction_record",
        accept=filetypes.accepted(kinds.get("auction_record").accepts),
    )
    is_sure = forms.BooleanField(
        label=_("Yes: those are the last prices, though they differ by less than the margin"),
        help_text=_("Only where it is asked above."),
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = self.auction.participants.select_related("bid", "account__organization").order_by("bid_id")
        self.fields["absent"].choices = [(row.bid.code, row.account.name) for row in rows]  # type: ignore[attr-defined]
        self.each(self._price)
        named = [name for name in self.fields if "." in name]
        self.order_fields([*named, "absent", "place", "held_at", "reason", "signers", "document"])
        if not self.is_bound:
            del self.fields["is_sure"]  # asked only of whoever is warned
        if said := Outside.objects.filter(auction=self.auction).first():
            self.initial.update(place=said.place, held_at=said.held_at, reason=said.reason)

    @staticmethod
    def _price(row: Participant) -> forms.Field:
        told = {"price": format_money(Money(row.initial, row.auction.currency))}
        label = _("Last price of %(name)s") % {"name": row.account.name}
        help_text = _("Initial price: %(price)s. Empty if it did not attend.") % told
        return MoneyField(label=label, help_text=help_text, required=False)
