"""The lots of a process: each with its value, which together are the estimated value; for how many one may offer."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions import dividing
from pliego.conditions.conditions import condition
from pliego.conditions.fields import Choices, Field, Parts, Rows
from pliego.conditions.guarantees import GUARANTEES
from pliego.kernel.money import Money, format_money
from pliego.kernel.objections import Objection
from pliego.tendering import sections
from pliego.tendering.lots import questions_do_not_fit
from pliego.tendering.services.editing import written

OFFERED: Choices = (
    ("any", _("For one, some or all")),
    ("one", _("For only one")),
    ("some", _("For some, up to a number of them")),
    ("all", _("For all of them")),
)
# fmt: off
PARTS: Parts = (
    Field(name="offered",      label=_("For how many lots may a bidder offer?"), kind="choice", choices=OFFERED,
          help=_("If nothing is said: for one, some or all.")),
    Field(name="most_offered", label=_("Most lots for which a bidder may offer"), kind="number", least=1, most=300,
          when=("offered", "some")),
    Field(name="most_awarded", label=_("Most lots that one bidder may be awarded"), kind="number", least=1, most=300,
          help=_("Empty: as many as it wins.")),
    Rows(name="lots", label=_("Lots"), one=_("Lot %(n)s"), numbered="number", most=300, columns=(
        Field(name="number",      label=_("Number"),          kind="number", least=1, most=9999),
        Field(name="title",       label=_("Name of the lot"), is_needed=True),
        Field(name="description", label=_("Description"),     kind="prose", most=1000),
        Field(name="value",       label=_("Estimated value"), kind="money"),
        Field(name="unspsc",      label=_("UNSPSC code"),     kind="unspsc"),
        Field(name="place",       label=_("Municipality"),    kind="place"),
    )),
)
# fmt: on


def pesos(amount: Decimal | None) -> str:
    return format_money(Money(amount or 0, "COP"))


def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
    if len(content.lots) == 1:
        sentence = _("One lot is no division: write at least two, or none.")
        yield Objection("one_lot", sentence, "lots-0-title")
    for place, lot in enumerate(content.lots):
        if lot.number is None:
            yield Objection("missing", _("Write the number of the lot."), f"lots-{place}-number")
    yield from _more_than_there_are(content)
    if content.lots and any(opening.by_call for opening in tender.rulebook.openings):
        sentence = _(
            "This method opens the prices offer by offer, in one order: it cannot be divided into lots here yet."
        )
        yield Objection("not_by_lots", sentence, "lots")
    if tender.is_public:
        yield from _something_names_it(tender, {lot.number for lot in content.lots})
    if tender.is_public and content.lots and tender.waiting_section("variants").get("admitted") == "yes":
        sentence = _("The pliego admits variants, which are not for processes divided into lots. Change that first.")
        yield Objection("variants_by_lots", sentence, "lots")


def _more_than_there_are(content: Any) -> Iterator[Objection]:
    most = content.most_offered if content.offered == "some" else None
    for field, number in (("most_offered", most), ("most_awarded", content.most_awarded)):
        if content.lots and number is not None and number > len(content.lots):
            sentence = _("The process has %(n)s lots: write at most that number.") % {"n": len(content.lots)}
            yield Objection("more_than_the_lots", sentence, field)


def _something_names_it(tender: Any, left: set[int]) -> Iterator[Objection]:
    """An amendment takes out no lot that a question, a price list or the guarantees name, and brings none back."""
    gone = set(tender.lot_numbers) - left
    for part in written(tender, sections.get("questionnaire", tender))["items"] if gone else ():
        asked = part["question"]
        for number in sorted(gone.intersection(asked["lots"])):
            sentence = _("The lot %(lot)s cannot be taken out: question %(n)s, “%(title)s”, is of it. Change it first.")
            told = {"lot": number, "n": asked["number"], "title": asked["title"]}
            yield Objection("lot_is_named", sentence % told, "lots")
    if gone and not left and GUARANTEES.applies(tender) and written(tender, GUARANTEES).get("by_lot") == "yes":
        sentence = _("The lots cannot be taken out: there is one guarantee for each of them. Change it first.")
        yield Objection("lot_is_named", sentence, "lots")
    for number in tender.lots.filter(state="cancelled", number__in=left).values_list("number", flat=True):
        sentence = _("The lot %(lot)s was taken out by an amendment: give the new one another number.")
        yield Objection("lot_was_cancelled", sentence % {"lot": number}, "lots")


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    """Each lot has its value, and their sum is the value of the process."""
    for place, lot in enumerate(content.lots):
        if lot.value is None:
            asked = _("Write the estimated value of the lot %(n)s.") % {"n": lot.number}
            yield Objection("missing", asked, f"lots-{place}-value")
    total: Decimal = sum((lot.value or Decimal() for lot in content.lots), Decimal())
    if content.lots and tender.value_amount is not None and total != tender.value_amount:
        sentence = _(
            "The lots add up to %(sum)s and the estimated value of the process is %(value)s: mend one of them."
        )
        told = {"sum": pesos(total), "value": pesos(tender.value_amount)}
        yield Objection("lots_do_not_add_up", sentence % told, "lots")
    if content.lots and content.offered == "some" and content.most_offered is None:
        yield Objection("missing", _("Write for how many lots a bidder may offer."), "most_offered")
    if tender.is_public:
        yield from questions_do_not_fit(tender)


def write(tender: Any, content: Any) -> None:
    """Keep the section, and each lot as the row whose state the later acts change."""
    tender.keep_section(LOTS.code, sections.plain(content))
    known = {lot.number: lot for lot in tender.lots.all()}
    for lot in content.lots:
        if lot.number is not None:
            told = {"title": lot.title, "value_amount": lot.value}
            tender.lots.update_or_create(number=lot.number, defaults=told)
    for number in known.keys() - {lot.number for lot in content.lots}:
        dividing.take_out(known[number])


LOTS = condition(
    code="lots",
    title=_("Lots"),
    path="lotes/",
    parts=PARTS,
    wrong=is_wrong,
    lacks=lacks,
    write=write,
    applies=lambda tender: tender.rulebook.flags.lots,
    lead=_("Only when the process is divided: offers may then be for some of the lots. Each lot has its price list."),
)
