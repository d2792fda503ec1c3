"""6. Budget: certificates, commitment, the six sources of the money, the investment project, future years."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions import money
from pliego.conditions.fields import Field, Parts
from pliego.contracts import rules
from pliego.contracts.sections.keeping import column, kept_part
from pliego.kernel.objections import Objection, Text
from pliego.planning.models import Funding

OF_PLIEGO = {part.name: part for part in money.PARTS}
SOURCES = {f"source_{code}": title for code, title in Funding.choices}
COMMITMENT_LAW = "Decreto 111 de 1996, art. 71"

# fmt: off
PARTS: Parts = (
    Field(name="budget_certificate", label=_("Budget certificate (CDP)"), most=60),
    Field(name="certificate_amount", label=_("Value of the certificate"), kind="money"),
    Field(name="certificate_on", label=_("Date of the certificate"), kind="day"),
    Field(name="commitment", label=_("Budget commitment (registro presupuestal)"), most=60,
          help=_("It may be left for the signature."), legal_basis=COMMITMENT_LAW),
    Field(name="commitment_amount", label=_("Value of the commitment"), kind="money"),
    Field(name="commitment_on", label=_("Date of the commitment"), kind="day"),
    *(Field(name=name, label=title, kind="money") for name, title in SOURCES.items()),
    OF_PLIEGO["destination"],
    OF_PLIEGO["bpin"],
    OF_PLIEGO["certificates"],
    OF_PLIEGO["future_years"],
)
# fmt: on
PARTS = tuple(
    Field(name=part.name, label=part.label, kind=part.kind, choices=part.choices)
    if isinstance(part, Field) and part.name == "destination"  # the pliego asks for it; a contract may lack it
    else part
    for part in PARTS
)


def sources_total(content: Any) -> Decimal:
    return sum((getattr(content, name) or Decimal() for name in SOURCES), Decimal())


def covered(content: Any) -> Decimal:
    """What all certificates and the future years cover."""
    rows = sum((row.balance or row.amount or Decimal() for row in content.certificates), Decimal())
    later = sum((row.amount or Decimal() for row in content.future_years), Decimal())
    return (content.certificate_amount or Decimal()) + rows + later


def is_wrong(contract: Any, content: Any) -> Iterator[Objection]:
    if content.bpin and not money.BPIN.fullmatch(content.bpin):
        sentence = _("The BPIN code has 13 to 15 digits, without letters or points.")
        yield Objection("bad_bpin", sentence, "bpin")
    for place, row in enumerate(content.certificates):
        if row.number == content.budget_certificate:
            sentence = _("This certificate is already above.")
            yield Objection("certificate_twice", sentence, f"certificates-{place}-number")


def lacks(contract: Any, content: Any, at: datetime) -> Iterator[Objection]:
    """To the cent: what is paid with is what is contracted."""
    total, value = sources_total(content), contract.value_amount
    if total != value:
        sentence = _("The six sources add up to %(sum)s and the contract's value is %(value)s: %(apart)s apart.")
        apart = rules.money(contract, abs(value - total))
        told = {"sum": rules.money(contract, total), "value": rules.money(contract, value), "apart": apart}
        name = next((name for name in SOURCES if getattr(content, name)), next(iter(SOURCES)))
        yield Objection("sources_do_not_add_up", sentence % told, name)
    if content.destination == money.INVESTMENT and not content.bpin:
        yield Objection("missing", _("Write the BPIN code: the expense is of investment."), "bpin")
    if contract.is_sale or content.certificate_amount is None:
        return
    if covered(content) < value:
        sentence = _("Certificates and future years cover %(amount)s, less than the value: %(value)s.")
        told = {"amount": rules.money(contract, covered(content)), "value": rules.money(contract, value)}
        yield Objection("certificates_short", sentence % told, "certificate_amount", COMMITMENT_LAW)


def notes(contract: Any, content: Any, at: datetime) -> Iterator[Text]:
    told = {"sum": rules.money(contract, sources_total(content)), "value": contract_value(contract)}
    yield _("The sources add up to %(sum)s of %(value)s.") % told
    if contract.buyer.in_siif:
        yield _("Your entity is in SIIF Nación (%(pci)s): write the certificates as they are there.") % {
            "pci": contract.buyer.pci
        }


def contract_value(contract: Any) -> str:
    return rules.money(contract, contract.value_amount)


BUDGET = kept_part(
    code="budget",
    title=_("Budgetary information"),
    path="informacion-presupuestal",
    parts=PARTS,
    places={"budget_certificate": column("budget_certificate")},
    wrong=is_wrong,
    lacks=lacks,
    notes=notes,
    lead=_("With which money it is paid. The six sources add up to the value of the contract, to the cent."),
)
