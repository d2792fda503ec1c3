"""The rooms whose answers the workspace assembles. A room takes part by having the function; none is obliged to."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

NOT_ASKED = {"kernel", "workspace", "demo"}


def answering(function: str, module: str = "queries") -> Iterator[tuple[str, Callable[..., Any]]]:
    """(room, function) for each room that has `function` in its `module`."""
    for room in settings.ROOMS:
        name = f"pliego.{room}.{module}"
        if room not in NOT_ASKED and find_spec(name) and (found := getattr(import_module(name), function, None)):
            yield room, found


def asked(room: str, function: str, module: str = "queries") -> Callable[..., Any] | None:
    """That room's function, or nothing."""
    return dict(answering(function, module)).get(room)


def address_of(name: str, **by: Any) -> str:
    """The address of a named page, or "" when no room has it."""
    try:
        return reverse(name, kwargs=by or None)
    except NoReverseMatch:
        return ""
