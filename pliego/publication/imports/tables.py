"""The data files of the import, read once: which column is which field, and what each literal means."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pliego.publication.folding import fold, slug

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Layout:
    """A kind of official file: the folded heading of each field, in order of preference."""

    name: str
    marks: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]


@cache
def _data(name: str) -> dict[str, Any]:
    with (HERE / name).open("rb") as file:
        return tomllib.load(file)


def values(table: str) -> dict[str, Any]:
    found = _data("values.toml")[table]
    assert isinstance(found, dict)
    return found


@cache
def _contract_states() -> dict[str, Any]:
    return _data("contract_states.toml")


def contract_state(literal: str) -> dict[str, Any]:
    """What a folded literal of a contract tells; nothing where the table does not know it."""
    found = _contract_states().get(literal, {})
    assert isinstance(found, dict)
    return found


@cache
def sentinels() -> frozenset[str]:
    return frozenset(slug(text) for text in _data("values.toml")["sentinels"])


@cache
def phase_suffixes() -> tuple[str, ...]:
    return tuple(f"({fold(text)})" for text in _data("values.toml")["phase_suffixes"])


@cache
def layouts() -> tuple[Layout, ...]:
    """The layouts, the most particular first."""
    return tuple(
        Layout(
            name,
            tuple(_data("layouts.toml")[name]["marks"]),
            {field: tuple(heads) for field, heads in _data("layouts.toml")[name]["fields"].items()},
        )
        for name in ("entities", "process", "contract")
    )


@cache
def kind_of(field: str) -> str:
    """ "date", "amount", "count" or "text"."""
    kinds = _data("layouts.toml")["kinds"]
    return next((kind[:-1] for kind in ("dates", "amounts", "counts") if field in kinds[kind]), "text")
