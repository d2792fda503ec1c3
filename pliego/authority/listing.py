"""A list as data: its columns, its rows, and what can be done with each; one template draws them all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pliego.kernel.objections import Text
from pliego.web.pagination import Pager, paginate

Link = tuple[str, Text]


@dataclass(frozen=True)
class Line:
    """`tag` is (state, text) beside the first cell; `name` goes into the links for those who only hear them."""

    cells: tuple[Any, ...]
    links: tuple[Link, ...] = ()
    tag: tuple[str, Text] | None = None

    @property
    def name(self) -> Any:
        return self.cells[0]


@dataclass(frozen=True)
class Listing:
    title: Text
    columns: tuple[Text, ...]
    lead: Text = ""
    empty: Text = ""
    create: Link | None = None
    crumbs: tuple[Link, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)

    def shown(self, request: HttpRequest, rows: Any, line: Any) -> HttpResponse:
        pager = paginate(request, rows)
        return self.page(request, [line(row) for row in pager], pager)

    def page(self, request: HttpRequest, lines: Iterable[Line], pager: Pager | None = None) -> HttpResponse:
        shown = {"listing": self, "lines": list(lines), "pager": pager, **self.more}
        return render(request, self.more.get("template", "authority/list.html"), shown)


def joined(texts: Iterable[Any]) -> str:
    return ", ".join(str(text) for text in texts) or "–"
