"""The rooms whose answers the workspace assembles. A room takes part by having the function; none is obliged to."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

NOT_ASKED = {"kernel", "workspace", "demo"}


def answering(function: str, module: str = "queries") -> Iterator[tuple[str, Callable[..., Any]]]:
    """(room, function) for each room that has `function` in its `module`."""
    for room, found in _modules(module).items():
        if answer := getattr(found, function, None):
            yield room, answer


@cache
def _modules(module: str) -> dict[str, ModuleType]:
    """That module of each room that has one; looked for once, because every page asks."""
    names = {room: f"pliego.{room}.{module}" for room in settings.ROOMS if room not in NOT_ASKED}
    return {room: import_module(name) for room, name in names.items() if find_spec(name)}


def asked(room: str, function: str, module: str = "queries") -> Callable[..., Any] | None:
    """That room's function, or nothing."""
    return getattr(_modules(module).get(room), function, None)


def address_of(name: str, **by: Any) -> str:
    """The address of a named page, or "" when no room has it."""
    try:
        return reverse(name, kwargs=by or None)
    except NoReverseMatch:
        return ""
