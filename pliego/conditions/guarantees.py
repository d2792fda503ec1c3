"""The guarantees that the pliego asks for: which covers, for how much, and how long each lasts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import condition
from pliego.conditions.covers import ASKED, COVERS, OFFER, least_wages
from pliego.conditions.fields import YES_NO, Field, Parts, Rows
from pliego.kernel.objections import Objection
from pliego.methods import choosing

REQUIRED_LAW = "Decreto 1082 de 2015, art. 2.2.1.2.3.1.6 y 2.2.1.2.3.1.7"
# What each way of paying in advance asks for: payments.ADVANCES.
OF_ADVANCE = {"advance": "advance", "prepayment": "prepayment"}
# What a contract of that type usually asks for, beside its performance.
USUAL = {
    "works": ("wages", "works", "liability"),
    "goods": ("goods",),
    "supply": ("goods",),
    "services": ("service", "wages"),
    "consultancy": ("service",),
    "supervision": ("service", "wages"),
}

# fmt: off
PARTS: Parts = (
    Field(name="asked", label=_("Are guarantees asked for?"), kind="yes_no", choices=YES_NO),
    Field(name="by_lot", label=_("Is there one guarantee for each lot?"), kind="yes_no", choices=YES_NO,
          when=("asked", "yes"), help=_("Only when the process has lots.")),
    Field(name="reason", label=_("Why none is asked for"), kind="prose", most=2000, when=("asked", "no"),
          help=_("Only where the law leaves it to the entity.")),
    Rows(name="covers", label=_("Covers asked for"), one=_("Cover %(n)s"), most=20, when=("asked", "yes"),
         help=_("For each: a percentage of the value or a number of minimum wages; and its end, as a date or in months "
                "after the contract ends (after the closing, for the seriousness of the offer)."), columns=(
        Field(name="cover",     label=_("What it covers"), kind="choice", is_needed=True, is_wide=True,
              choices=tuple((cover.code, cover.title) for cover in ASKED.values())),
        Field(name="percent",   label=_("Percentage of the value"),    kind="decimal", most=100),
        Field(name="wages",     label=_("Minimum wages (SMMLV)"),      kind="decimal", most=100_000),
        Field(name="starts_on", label=_("Starts on"),                       kind="day"),
        Field(name="ends_on",   label=_("Until"),                      kind="day"),
        Field(name="months",    label=_("Months after"),               kind="number", most=240),
    )),
)
# fmt: on


def is_asked(content: Any) -> bool:
    return bool(content.asked == "yes" or content.covers)


def is_required(tender: Any) -> bool:
    """Whether the method has no contract without a guarantee."""
    rule = tender.rulebook.guarantees
    return bool(rule.required and not rule.advice and rule.deposit_percent is None)


def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
    if content.asked == "no" and content.covers:
        sentence = _("No guarantee is asked for, and there are covers: take them out or answer yes.")
        yield Objection("covers_without_guarantee", sentence, "asked")
    seen: set[str] = set()
    for place, row in enumerate(content.covers):
        yield from _cover_is_wrong(row, f"covers-{place}-")
        if row.cover in seen:
            twice = _("“%(cover)s” is there twice.") % {"cover": ASKED[row.cover].title}
            yield Objection("cover_twice", twice, f"covers-{place}-cover")
        seen.add(row.cover)


def _cover_is_wrong(row: Any, at: str) -> Iterator[Objection]:
    cover = ASKED[row.cover]
    if row.percent is not None and row.wages is not None:
        sentence = _("Write a percentage or a number of minimum wages, and not both.")
        yield Objection("two_amounts", sentence, at + "wages")
    if row.percent is not None and cover is not OFFER and row.percent < cover.percent:
        sentence = _("“%(cover)s” covers at least %(least)s %% by law.")
        told = {"cover": cover.title, "least": cover.percent}
        yield Objection("cover_too_small", sentence % told, at + "percent", cover.legal_basis)
    if row.ends_on is not None and row.months is not None:
        yield Objection("two_ends", _("Write a date or a number of months, and not both."), at + "months")
    if row.ends_on is not None and row.starts_on is not None and row.ends_on <= row.starts_on:
        yield Objection("dates_reversed", _("The guarantee must end after it starts."), at + "ends_on")


def covers_lack(content: Any) -> Iterator[Objection]:
    """Covers without an amount, or without an end."""
    for place, row in enumerate(content.covers):
        if row.percent is None and row.wages is None:
            sentence = _("Write how much “%(cover)s” covers.")
            yield Objection("missing", sentence % {"cover": ASKED[row.cover].title}, f"covers-{place}-percent")
        if row.ends_on is None and row.months is None:
            sentence = _("Write until when “%(cover)s” lasts.")
            yield Objection("missing", sentence % {"cover": ASKED[row.cover].title}, f"covers-{place}-months")


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    there = {row.cover for row in content.covers}
    yield from covers_lack(content)
    if content.by_lot == "yes" and not tender.kept_section("lots").get("lots"):
        yield Objection("no_lots", _("The process has no lots: the guarantees are for the whole of it."), "by_lot")
    if content.asked == "yes" and not content.covers:
        yield Objection("missing", _("Write which covers are asked for."), "covers")
    yield from _required_are_missing(tender, there)


def _required_are_missing(tender: Any, there: set[str]) -> Iterator[Objection]:
    if is_required(tender):
        needed = ["performance", *([OFFER.code] if tender.rulebook.has_bidding else [])]
        for code in needed:
            if code not in there:
                sentence = _("This method asks for the cover “%(cover)s”: write it in the guarantees.")
                yield Objection("missing", sentence % {"cover": ASKED[code].title}, "covers", REQUIRED_LAW)
    paid = OF_ADVANCE.get(tender.kept_section("payments").get("advance_kind", ""))
    if paid and paid not in there:
        sentence = _("The pliego pays in advance: ask for the cover “%(cover)s”.")
        yield Objection("missing", sentence % {"cover": COVERS[paid].title}, "covers", COVERS[paid].legal_basis)


def advice(tender: Any, content: Any) -> Iterator[Objection]:
    """What is worth a second look, and blocks nothing."""
    if not tender.rulebook.guarantees.required and is_asked(content):
        sentence = _("Guarantees are not mandatory in this method: the previous studies must say why they are asked.")
        yield Objection("not_mandatory", sentence, "", tender.rulebook.guarantees.legal_basis)
    there = {row.cover for row in content.covers}
    for row in content.covers:
        yield from cover_is_unusual(tender, row, ASKED[row.cover])
    if is_asked(content):
        for code in USUAL.get(tender.contract_type, ()):
            if code not in there:
                sentence = _("A contract of this type usually asks for “%(cover)s”.")
                yield Objection("usual_cover", sentence % {"cover": ASKED[code].title}, "", ASKED[code].legal_basis)


def cover_is_unusual(tender: Any, row: Any, cover: Any) -> Iterator[Objection]:
    if cover is OFFER and row.percent is not None and row.percent < cover.percent:
        sentence = _("“%(cover)s” usually covers at least %(least)s %%.")
        yield Objection("small_cover", sentence % {"cover": cover.title, "least": cover.percent}, "", cover.legal_basis)
    if row.months is not None and row.months < cover.months:
        sentence = _("“%(cover)s” usually lasts at least %(least)s months after the end of the contract.")
        yield Objection("short_cover", sentence % {"cover": cover.title, "least": cover.months}, "", cover.legal_basis)
    least = least_wages(value_in_wages(tender)) if cover.in_wages else 0
    if row.wages is not None and row.wages < least:
        sentence = _("For this value “%(cover)s” usually covers at least %(least)s minimum wages.")
        told = {"cover": cover.title, "least": int(least)}
        yield Objection("small_cover", sentence % told, "", cover.legal_basis)


def value_in_wages(tender: Any) -> Decimal:
    """The estimated value in minimum monthly wages, of the year of the process or else of the last one in the data."""
    wages = {row.year: row.smmlv for row in choosing.table().years}
    return Decimal(tender.value_amount or 0) / wages.get(tender.created_at.year, wages[max(wages)])


@dataclass(frozen=True)
class OfferGuarantee:
    """What an offer must be guaranteed with: a part of what it is for, or a number of minimum wages."""

    percent: Decimal | None
    wages: Decimal | None
    is_by_lot: bool

    def of(self, value: Decimal | None) -> Decimal | None:
        """What that comes to for a lot of that value."""
        if self.percent is None or value is None:
            return None
        return (value * self.percent / 100).quantize(Decimal("0.01"))


def of_the_offer(tender: Any) -> OfferGuarantee | None:
    """The guarantee of seriousness that the pliego asks of every offer, if it asks for one."""
    said = tender.kept_section("guarantees")
    row = next((row for row in said.get("covers", []) if row["cover"] == OFFER.code), None)
    if row is None or said.get("asked") == "no":
        return None
    figures = {name: Decimal(row[name]) if row.get(name) is not None else None for name in ("percent", "wages")}
    return OfferGuarantee(**figures, is_by_lot=said.get("by_lot") == "yes")


GUARANTEES = condition(
    code="guarantees",
    title=_("Guarantees"),
    path="garantias/",
    parts=PARTS,
    wrong=is_wrong,
    lacks=lacks,
    notes=lambda tender, content, at: map(str, advice(tender, content)),
    applies=lambda tender: tender.rulebook.publication_only is None and tender.rulebook.evaluation.rule != "none",
    lead=_("What the winner must guarantee before the contract starts, and every bidder with the offer."),
)
