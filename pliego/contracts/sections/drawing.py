"""What a contract is born with: every datum of its sections that the award, the offer or the pliego already say."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import override

from pliego.conditions.covers import COVERS
from pliego.conditions.guarantees import GUARANTEES
from pliego.conditions.money import MONEY
from pliego.conditions.payments import PAYMENTS
from pliego.contracts.models import Contract
from pliego.contracts.sections import get
from pliego.contracts.sections.budget import SOURCES
from pliego.contracts.sections.terms import least_of
from pliego.tendering.sections import plain

OF_PAYMENTS = tuple(part.name for part in PAYMENTS.parts)


def justification(contract: Contract) -> str:
    """What the process says of why it had no competition, or else the ground of the law."""
    tender = contract.tender
    if tender.method_justification or not tender.causal:
        return tender.method_justification
    with override("es-co"):
        return next((str(one.title) for one in tender.rulebook.causals if one.code == tender.causal), "")


def payments_of(name: str) -> Callable[[Contract], Any]:
    return lambda contract: plain(PAYMENTS.content(contract.tender)).get(name)


def covers(contract: Contract) -> list[dict[str, Any]]:
    """Those of the pliego, as it asks for them; or the least of the one that the method requires."""
    asked = {
        row["cover"]: row for row in plain(GUARANTEES.content(contract.tender))["covers"] if row["cover"] in COVERS
    }
    return [asked.get(code) or least_of(contract, code) for code in contract.covers]


def no_guarantee(contract: Contract) -> Any:
    return plain(GUARANTEES.content(contract.tender))["reason"]


def money_of(name: str) -> Callable[[Contract], Any]:
    return lambda contract: plain(MONEY.content(contract.tender)).get(name)


def source(name: str) -> Callable[[Contract], Any]:
    """The whole value from the one source that the process has; or its part where the value is the estimated one."""

    code = name.removeprefix("source_")

    def amount(contract: Contract) -> Any:
        rows = {row["source"]: row["amount"] for row in plain(MONEY.content(contract.tender))["sources"]}
        if rows and contract.value_amount == contract.tender.value_amount:
            return rows.get(code)
        names = list(rows) or [contract.tender.funding_source]
        return str(contract.value_amount) if names == [code] else None

    return amount


def of_tender(name: str) -> Callable[[Contract], Any]:
    return lambda contract: getattr(contract.tender, name)


Drawn = tuple[str, str, str, Callable[[Contract], Any] | None]
# fmt: off
TABLE: tuple[Drawn, ...] = (
    # section       datum                 where it comes from   how; None: it is in its column already
    ("general",     "number",             "platform",           None),
    ("general",     "title",              "pliego",             None),
    ("general",     "object",             "pliego",             None),
    ("general",     "contract_type",      "pliego",             None),
    ("general",     "duration",           "pliego",             None),
    ("general",     "duration_unit",      "pliego",             None),
    ("general",     "has_settlement",     "law",                None),
    ("general",     "justification",      "pliego",             justification),
    ("terms",       "delivery_place",     "pliego",             None),
    ("terms",       "payment_terms",      "pliego",             None),
    *(("terms",     name,                 "pliego",             payments_of(name)) for name in OF_PAYMENTS),
    ("terms",       "covers",             "pliego",             covers),
    ("terms",       "no_guarantee",       "pliego",             no_guarantee),
    ("goods",       "lines",              "offer",              None),
    ("budget",      "budget_certificate", "pliego",             None),
    ("budget",      "certificate_amount", "pliego",             of_tender("budget_certificate_amount")),
    *(("budget",    name,                 "pliego",             source(name)) for name in SOURCES),
    *(("budget",    name,                 "pliego",             money_of(name))
      for name in ("destination", "bpin", "certificates", "future_years")),
)
# fmt: on


def draw(contract: Contract) -> None:
    """Fill the sections of a contract that was just begun, and say of each datum where it comes from."""
    found: dict[str, dict[str, Any]] = {}
    origins: dict[str, dict[str, str]] = {}
    for section, name, origin, read in TABLE:
        value = read(contract) if read else plain(get(section).content(contract))[name]
        if value not in (None, "", []):
            origins.setdefault(section, {})[name] = (
                "pliego" if name == "lines" and contract.offer_id is None else origin
            )
            found.setdefault(section, {})[name] = value
    for code, values in found.items():
        part = get(code)
        part.put(contract, part.typed({**part.plain(contract), **plain(values)}))
        contract.parts.filter(code=code).update(origins=origins[code])
    contract.save()
