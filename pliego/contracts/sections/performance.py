"""7. Performance: how it is followed, the plan of deliveries, and what the start asks for."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.fields import YES_NO, Choices, Field, Parts, Rows
from pliego.contracts.sections.keeping import kept_part
from pliego.kernel.objections import Objection, Text

SOCIAL_LAW = "Ley 1150 de 2007, art. 23"
TRACKING: Choices = (("percent", _("By percentage of progress")), ("items", _("By reception of articles")))

# fmt: off
PARTS: Parts = (
    Field(name="tracking", label=_("How the performance is followed"), kind="choice", choices=TRACKING),
    Rows(name="deliveries", label=_("Plan of deliveries"), one=_("Delivery %(n)s"), most=120,
         help=_("Percentages are of the whole, each larger than the one before it; the last one is 100."), columns=(
        Field(name="title",    label=_("What is delivered"),    is_needed=True, is_wide=True),
        Field(name="percent",  label=_("Progress (%)"),         kind="decimal", most=100),
        Field(name="due_on",   label=_("Date"),                 kind="day"),
        Field(name="due_days", label=_("Days after the start"), kind="number", most=3650),
    )),
    Field(name="social_security", label=_("Must social security be proved before the start?"), kind="yes_no",
          choices=YES_NO, legal_basis=SOCIAL_LAW),
    Field(name="start_record", label=_("Does it start with a record that both sign?"), kind="yes_no", choices=YES_NO),
    Field(name="visits", label=_("Meetings, visits and reports of the supervision"), kind="prose", most=2000),
)
# fmt: on


def is_wrong(contract: Any, content: Any) -> Iterator[Objection]:
    last = Decimal()
    for place, row in enumerate(content.deliveries):
        if row.due_on is not None and row.due_days is not None:
            sentence = _("Write a date or a number of days, and not both.")
            yield Objection("two_dates", sentence, f"deliveries-{place}-due_days")
        if row.percent is None:
            continue
        if row.percent <= last:
            sentence = _("The progress grows with each delivery: write more than %(last)s %%.")
            told = {"last": f"{last.normalize():f}".replace(".", ",")}
            yield Objection("progress_falls", sentence % told, f"deliveries-{place}-percent")
        last = row.percent


def lacks(contract: Any, content: Any, at: datetime) -> Iterator[Objection]:
    if content.tracking != "percent" or not content.deliveries:
        return
    place = len(content.deliveries) - 1
    if content.deliveries[place].percent != 100:
        yield Objection("progress_unfinished", _("The last delivery reaches 100 %."), f"deliveries-{place}-percent")


def notes(contract: Any, content: Any, at: datetime) -> Iterator[Text]:
    """Advice: the law has the entity check it in every contract."""
    if content.social_security != "yes":
        yield _("The law has you verify that the contractor is up to date with social security (%(law)s).") % {
            "law": SOCIAL_LAW
        }


PERFORMANCE = kept_part(
    code="performance",
    title=_("Performance"),
    path="ejecucion",
    parts=PARTS,
    wrong=is_wrong,
    lacks=lacks,
    notes=notes,
    lead=_(
        "How it is followed from its start. Deliveries, invoices and payments are then on the page of the contract."
    ),
)
