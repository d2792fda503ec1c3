"""A template for the tests of other rooms."""

from typing import Any

from pliego.blueprints import files

FILE: dict[str, Any] = {
    "format": files.FORMAT,
    "name": "Visitas",
    "methods": ["minima_cuantia"],
    "method": "minima_cuantia",
    "method_version": "2026-01",
    "sections": {"visit": {"allowed": "no"}},
}
