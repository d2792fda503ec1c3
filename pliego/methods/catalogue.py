"""The catalogue of methods: one TOML file per method and version under `catalogue/`, read once when Pliego starts.

A released file is never edited: a new law is a new file, and a process keeps the version it was born with.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from pliego.kernel.objections import Objection, Refused
from pliego.methods.law import BadMethod, Ladder, Method, faults

FOLDER = Path(__file__).with_name("catalogue")
LADDERS = "_ladders"


def read_method(path: Path, ladders: frozenset[str]) -> Method:
    """Read and check one file; BadMethod tells every fault with the file's name."""
    try:
        method = msgspec.convert(tomllib.loads(path.read_text()), Method)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
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
    """The methods that a process may be created with on that day."""
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


def title(code: str) -> str:
    """The name of a method for people, whatever its version; the code itself when nothing has that name."""
    return next((str(method.title) for method in reversed(every()) if method.code == code), code)


def choices(on: date) -> list[tuple[str, str]]:
    """Codes and names for a list to choose from."""
    return [(method.code, str(method.title)) for method in in_force(on)]
