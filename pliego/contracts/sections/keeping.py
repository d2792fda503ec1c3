"""A section of a contract: a table of fields as those of the pliego, and where each datum stands.

Guarantees: what has a column or a table of the contract is there and nowhere else; the rest is kept in the section's
own row; of every datum it is known where it came from, until somebody writes another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import Condition, condition
from pliego.conditions.fields import Parts
from pliego.kernel.objections import Text
from pliego.tendering.sections import plain

# Where a datum of a contract came from.
ORIGINS: dict[str, Text] = {
    "award": _("It comes from the award."),
    "offer": _("It comes from the offer."),
    "pliego": _("It comes from the pliego."),
    "law": _("The law says it for this type of contract."),
    "template": _("It comes from the template of clauses."),
    "platform": _("The platform proposes it."),
    "typed": _("It was written in the contract."),
}


@dataclass(frozen=True)
class Place:
    """Where a datum stands outside the section's own row: how it is read and written there."""

    get: Callable[[Any], Any]
    put: Callable[[Any, Any], None]


def column(name: str) -> Place:
    """A column of the contract."""

    def put(contract: Any, value: Any) -> None:
        setattr(contract, name, value)

    return Place(lambda contract: getattr(contract, name), put)


def yes_no(name: str) -> Place:
    """A column that is true or false."""

    def put(contract: Any, value: Any) -> None:
        setattr(contract, name, value == "yes")

    return Place(lambda contract: "yes" if getattr(contract, name) else "no", put)


@dataclass(frozen=True)
class Echo:
    """A column that repeats part of a content for whoever looks there: `read` makes the content agree with it."""

    read: Callable[[Any, Any], Any]
    write: Callable[[Any, Any], None]


def kept_part(
    *, code: str, parts: Parts, places: Mapping[str, Place] | None = None, echo: Echo | None = None, **options: Any
) -> Condition:
    """A section made from its fields. `places` are the data that stand elsewhere, and nowhere else."""
    elsewhere = places or {}

    def read(contract: Any) -> Any:
        content = made.typed(contract.part(code))
        there = {name: place.get(contract) for name, place in elsewhere.items()}
        content = msgspec.structs.replace(content, **there)
        return echo.read(contract, content) if echo else content

    def write(contract: Any, content: Any) -> None:
        for name, place in elsewhere.items():
            place.put(contract, getattr(content, name))
        if echo:
            echo.write(contract, content)
        kept = {name: value for name, value in plain(content).items() if name not in elsewhere}
        contract.keep_part(code, kept)

    made = condition(code=code, parts=parts, read=read, write=write, is_optional=False, **options)
    return made
