"""Forms of auctions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.auctions import subjects
from pliego.auctions.models import Auction, Participant
from pliego.documents import filetypes, kinds
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
        before = mine.prices or {k: str(p) for k, (_q, p) in subjects.unit_prices(mine.bid, self.auction.lot).items()}
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


class OutsideForm(EachOffer):
    prefix_name = "prices"

    document = UploadField(
        label=_("Record of the auction"),
        help_text=_("The bids as they were made. Everybody can read it at once."),
        purpose="auction_record",
        accept=filetypes.accepted(kinds.get("auction_record").accepts),
    )
    note = prose(_("Where and why it was held elsewhere"), most=4000, rows=4)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        label = _("Last price of %(name)s")
        self.each(lambda row: MoneyField(label=label % {"name": row.account.name}, initial=row.initial))
        self.order_fields([*(name for name in self.fields if "." in name), "document", "note"])
