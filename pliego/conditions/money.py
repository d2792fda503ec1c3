"""The money of a process when it is not in one source and one certificate: sources, certificates, future years, BPIN.

The main certificate and its source are written with the general data and never asked again here: this section holds
what there is beside them.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import condition
from pliego.conditions.fields import Choices, Field, Parts, Rows
from pliego.conditions.lots import pesos
from pliego.kernel.objections import Objection, Text
from pliego.planning.models import Funding
from pliego.tendering.rules import BUDGET_BASIS, budget_is_too_small

INVESTMENT = "investment"
DESTINATIONS: Choices = (("functioning", _("Functioning")), (INVESTMENT, _("Investment")))
FUTURE_BASIS = "Ley 819 de 2003, arts. 10 a 12"
BPIN = re.compile(r"\d{13,15}")

# fmt: off
PARTS: Parts = (
    Field(name="destination", label=_("Destination of the expense"), kind="choice", choices=DESTINATIONS,
          is_needed=True),
    Field(name="bpin", label=_("Code of the investment project (BPIN)"), most=15,
          help=_("13 to 15 digits, without points.")),
    Rows(name="sources", label=_("Sources of the money"), one=_("Source %(n)s"), most=6,
         help=_("Only when there is more than one. They add up to the estimated value."), columns=(
        Field(name="source", label=_("Source"), kind="choice", choices=tuple(Funding.choices), is_needed=True),
        Field(name="amount", label=_("Amount"), kind="money", is_needed=True),
    )),
    Rows(name="certificates", label=_("Other budget certificates (CDP)"), one=_("Certificate %(n)s"), most=50,
         help=_("The main one is with the general data: do not write it again."), columns=(
        Field(name="number",  label=_("Number"), most=60, is_needed=True),
        Field(name="amount",  label=_("Value"), kind="money", is_needed=True),
        Field(name="date",    label=_("Date"), kind="day"),
        Field(name="balance", label=_("Balance for this process"), kind="money"),
    )),
    Rows(name="future_years", label=_("Future years (vigencias futuras)"), one=_("Year %(n)s"), numbered="year",
         most=20, columns=(
        Field(name="year",          label=_("Year"), kind="number", least=2000, most=2100, is_needed=True),
        Field(name="amount",        label=_("Amount"), kind="money", is_needed=True),
        Field(name="authorisation", label=_("Authorisation"), most=120, is_needed=True),
        Field(name="authorised_on", label=_("Date of the authorisation"), kind="day"),
    )),
)
# fmt: on


def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
    if content.bpin and not BPIN.fullmatch(content.bpin):
        sentence = _("The BPIN code has 13 to 15 digits, without letters or points.")
        yield Objection("bad_bpin", sentence, "bpin")
    sources = [row.source for row in content.sources]
    for place, row in enumerate(content.sources):
        if row.source in sources[:place]:
            yield Objection(
                "source_twice", _("This source is already there: add the amounts."), f"sources-{place}-source"
            )
    for place, row in enumerate(content.certificates):
        if row.balance is not None and row.balance > row.amount:
            sentence = _("The balance is larger than the certificate.")
            yield Objection("balance_too_large", sentence, f"certificates-{place}-balance", BUDGET_BASIS)
        if row.number == tender.budget_certificate:
            sentence = _("This certificate is already with the general data.")
            yield Objection("certificate_twice", sentence, f"certificates-{place}-number")


def lacks(tender: Any, content: Any, at: datetime) -> Iterator[Objection]:
    if tender.is_public:  # an amendment that takes certificates away; in a draft the general data say it
        yield from budget_is_too_small(tender, tender.value_amount, tender.budget_certificate_amount)
    if content.destination == INVESTMENT and not content.bpin:
        yield Objection("missing", _("Write the BPIN code: the expense is of investment."), "bpin")
    if not content.sources:
        return
    total: Decimal = sum((row.amount for row in content.sources), Decimal())
    if tender.value_amount is not None and total != tender.value_amount:
        sentence = _("The sources add up to %(sum)s; the estimated value is %(value)s. Mend one of them.")
        told = {"sum": pesos(total), "value": pesos(tender.value_amount)}
        yield Objection("sources_do_not_add_up", sentence % told, "sources")
    main = tender.funding_source
    names: dict[str, Any] = dict(Funding.choices)
    if main and main not in {row.source for row in content.sources}:
        sentence = _("The source of the main certificate, “%(source)s”, is not among the sources.")
        yield Objection("main_source_is_not_there", sentence % {"source": names[main]}, "sources")


def notes(tender: Any, content: Any, at: datetime) -> Iterator[Text]:
    if tender.value_amount is not None:
        main = tender.budget_certificate_amount or Decimal()
        covered = {"amount": pesos(main + tender.other_budget), "value": pesos(tender.value_amount)}
        yield _("All certificates and future years cover %(amount)s of %(value)s.") % covered
    if tender.buyer.in_siif:
        yield _("Your entity is in SIIF Nación (%(pci)s): write the certificates as they are there.") % {
            "pci": tender.buyer.pci
        }


MONEY = condition(
    code="money",
    title=_("Money of the process"),
    path="presupuesto/",
    parts=PARTS,
    wrong=is_wrong,
    lacks=lacks,
    notes=notes,
    own=("sources", "certificates", "future_years"),
    lead=_("The main certificate is with the general data. Write here what there is beside it."),
)
