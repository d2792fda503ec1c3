"""The catalogue of methods: one TOML file per method and version under `catalogue/`, read once when Pliego starts.

A released file is never edited: a new law is a new file, and a process keeps the version it was born with. What many
methods share is written once: `include` names parts (`_parts/dates`) or other methods (`licitacion_publica/2018-01`).
The file that includes has the last word; stages and envelopes are its own list or the included one whole; and of what
is included only that stays which its stages have a milestone for.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from pliego.kernel.objections import Objection, Refused
from pliego.methods.faults import faults
from pliego.methods.law import BadMethod, Ladder, Method

FOLDER = Path(__file__).with_name("catalogue")
LADDERS = "_ladders"
OWN_RULES = "own_rules"  # the ladder where the law of the method names none
# By what a table of an array is known, so that the file that includes can say another thing in its place.
KEYS = {
    "milestone": ("code",),
    "document": ("code",),
    "causal": ("code",),
    "publication": ("act",),
    "period": ("start", "end", "advice"),
}
# The milestones that the tables of each array name, and those that a single table names.
NAMES = {"period": ("start", "end"), "document": ("moment",), "envelope": ("opens_at",), "milestone": ("code",)}
TABLES = {
    "amendments": ("until",),
    "mipyme_limitation": ("requested_until",),
    "draw": ("held_at",),
    "extension": ("start", "end"),
}
FLAGGED = ("mipyme_limitation", "draw")

File = dict[str, Any]


def composed(path: Path) -> File:
    """What the file says together with what it includes."""
    own = tomllib.loads(path.read_text())
    whole: File = {}
    for name in own.pop("include", ()):
        whole = _over(whole, composed(path.parents[1] / f"{name}.toml"))
    stages = own.get("stage") or whole.get("stage")
    if stages and whole:
        whole = _with_dates(whole, {code for stage in stages for code in stage.get("milestones", ())})
        off = [name for name in FLAGGED if not own.get("flags", {name: True}).get(name)]
        whole = {name: said for name, said in whole.items() if name not in off}
    whole = _over(whole, own)
    places = [code for stage in stages or () for code in stage.get("milestones", ())]
    if places and "milestone" in whole:
        whole["milestone"].sort(key=lambda m: places.index(m["code"]) if m["code"] in places else len(places))
    return whole


def _over(low: File, high: File) -> File:
    """`high` on top of `low`: tables of a known array one by one, everything else whole."""
    both = low | high
    for array, names in KEYS.items():
        said = {tuple(row.get(name, False) for name in names) for row in high.get(array, ())}
        kept = [row for row in low.get(array, ()) if tuple(row.get(name, False) for name in names) not in said]
        if kept or array in both:
            both[array] = kept + list(high.get(array, ()))
    return both


def _with_dates(whole: File, dates: set[str]) -> File:
    """Of what is included, what has its milestones among those."""
    kept = {
        array: [row for row in whole.get(array, ()) if all(row[name] in dates for name in names)]
        for array, names in NAMES.items()
    }
    gone = [table for table, names in TABLES.items() if not all(whole.get(table, {}).get(n) in dates for n in names)]
    named = whole | {array: rows for array, rows in kept.items() if array in whole}
    return {name: said for name, said in named.items() if name not in gone}


def read_method(path: Path, ladders: frozenset[str]) -> Method:
    """Read and check one file; BadMethod tells every fault with the file's name."""
    try:
        method = msgspec.convert(composed(path), Method)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadMethod(f"{path.parent.name}/{path.name}: {error}") from error
    found = list(faults(method, ladders))
    if method.code != path.parent.name or method.version != path.stem:
        found.append(f"it calls itself {method.code} {method.version}")
    if found:
        raise BadMethod(f"{path.parent.name}/{path.name}: " + "; ".join(found))
    return method


def read_ladder(path: Path) -> Ladder:
    try:
        ladder = msgspec.convert(tomllib.loads(path.read_text()), Ladder)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadMethod(f"{path.parent.name}/{path.name}: {error}") from error
    if [rung.number for rung in ladder.rungs] != list(range(1, len(ladder.rungs) + 1)):
        raise BadMethod(f"{path.name}: the rungs are not numbered 1, 2, 3…")
    return ladder


@cache
def ladders(folder: Path = FOLDER) -> dict[str, Ladder]:
    return {ladder.code: ladder for ladder in map(read_ladder, sorted((folder / LADDERS).glob("*.toml")))}


@cache
def every(folder: Path = FOLDER) -> tuple[Method, ...]:
    """Every version of every method, oldest version first."""
    known = frozenset(ladders(folder))
    found = [read_method(path, known) for path in sorted(folder.glob("[!_]*/*.toml"))]
    for one in found:
        for other in found:
            if one.code == other.code and one is not other and other.in_force(one.in_force_from):
                raise BadMethod(f"{one.code}: the versions {one.version} and {other.version} are in force together")
    return tuple(sorted(found, key=lambda method: (method.code, method.in_force_from)))


def in_force(on: date) -> list[Method]:
    """The methods of the law on that day."""
    return [method for method in every() if method.in_force(on)]


def get(code: str, version: str | None = None, on: date | None = None) -> Method:
    """That version of the method; without one, the version in force on that day; without a day, the newest."""
    found = [
        method
        for method in every()
        if method.code == code
        and (version is None or method.version == version)
        and (version is not None or on is None or method.in_force(on))
    ]
    if not found:
        raise Refused(Objection("unknown_method", _("There is no such procurement method in force."), "method"))
    return found[-1]


def ladder(code: str) -> Ladder:
    return ladders()[code]


def ladder_of(method: Method) -> Ladder:
    """What decides a tie in it: the factors of the law or, where it names none, the entity's own rule and the draw."""
    return ladder(method.evaluation.ties or OWN_RULES)


def title(code: str) -> str:
    """The name of a method for people, whatever its version; the code itself when nothing has that name."""
    return next((str(method.title) for method in reversed(every()) if method.code == code), code)


def choices(on: date) -> list[tuple[str, str]]:
    """Codes and names for a list to choose from: those that a plan may name."""
    return [(method.code, str(method.title)) for method in in_force(on)]


def choices_for(on: date, entity_type: str) -> list[tuple[str, str]]:
    """Codes and names of the methods with which an entity of that type may create a process."""
    return [(method.code, str(method.title)) for method in in_force(on) if method.is_for(entity_type)]
