"""A pliego without a database: what the rules of a section ask of it, and nothing more."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from pliego.kernel.objections import Objection
from pliego.methods import catalogue

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def of(method: str = "licitacion_publica", *, value: str = "1000000000", kind: str = "services", **kept: Any) -> Any:
    """A process of that method; `kept` are the contents of its other sections."""
    rulebook = catalogue.get(method)
    return SimpleNamespace(
        rulebook=rulebook,
        has_bidding=rulebook.has_bidding,
        value_amount=Decimal(value),
        contract_type=kind,
        created_at=NOW,
        kept_section=lambda code: kept.get(code, {}),
    )


def told(objections: Any) -> list[tuple[str, str]]:
    """Code and field of each."""
    found: list[Objection] = list(objections)
    return [(objection.code, objection.field) for objection in found]
