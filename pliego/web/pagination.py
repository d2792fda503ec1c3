"""Lists are shown 25 rows at a time; filters stay in the address.

A list that may be very long goes by key: it counts nothing, and its last page costs what the first one does.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ROWS = 25


@dataclass(frozen=True)
class Pager:
    """A page of a list and the addresses of its neighbours."""

    page: "Page[Any]"
    query: tuple[tuple[str, str], ...]

    def __iter__(self) -> Any:
        return iter(self.page.object_list)

    def __len__(self) -> int:
        return len(self.page.object_list)

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def is_needed(self) -> bool:
        return self.page.paginator.num_pages > 1

    def address(self, number: int) -> str:
        return "?" + urlencode([*self.query, ("page", str(number))])

    @property
    def previous(self) -> str:
        return self.address(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def next(self) -> str:
        return self.address(self.page.next_page_number()) if self.page.has_next() else ""

    @property
    def numbers(self) -> list[tuple[str, str, bool]]:
        """(number or "…", address, is this page)."""
        found = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [
            (str(n), self.address(n), n == self.page.number) if isinstance(n, int) else ("…", "", False) for n in found
        ]


def paginate(request: HttpRequest, rows: Any, *, per_page: int = ROWS) -> Pager:
    """The page that `?page=` asks for; a page that does not exist gives the nearest one."""
    query = tuple((k, v) for k, values in request.GET.lists() if k != "page" for v in values if v)
    return Pager(Paginator(rows, per_page).get_page(request.GET.get("page")), query)


@dataclass(frozen=True)
class KeyPager:
    """A stretch of a list that has no end worth counting: the addresses of its neighbours and of both ends."""

    rows: "list[Any]"
    query: tuple[tuple[str, str], ...]
    has_newer: bool
    has_older: bool
    numbers: tuple[()] = ()

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def is_needed(self) -> bool:
        return self.has_newer or self.has_older

    def address(self, **place: str) -> str:
        return "?" + urlencode([*self.query, *place.items()])

    @property
    def previous(self) -> str:
        return self.address(antes=self.rows[0].code) if self.has_newer else ""

    @property
    def next(self) -> str:
        return self.address(despues=self.rows[-1].code) if self.has_older else ""

    @property
    def first(self) -> str:
        return self.address() if self.has_newer else ""

    @property
    def last(self) -> str:
        return self.address(antes=END) if self.has_older else ""


END = "fin"


def paginate_by_key(request: HttpRequest, rows: Any, *, per_page: int = ROWS) -> KeyPager:
    """The rows, newest first, after the one whose code `?despues=` says or before that of `?antes=`."""
    after, before = request.GET.get("despues", ""), request.GET.get("antes", "")
    query = tuple((k, v) for k, vs in request.GET.lists() if k not in {"antes", "despues"} for v in vs if v)
    codes = rows.model._default_manager
    key = codes.filter(code=after or before).values_list("pk", flat=True).first() if after or before else None
    if before and (key or before == END):
        newer = rows.filter(pk__gt=key) if key else rows
        found = [*newer.order_by("pk")[: per_page + 1]]
        return KeyPager(found[:per_page][::-1], query, len(found) > per_page, bool(key) and bool(found))
    older = rows.filter(pk__lt=key) if after and key else rows
    found = [*older.order_by("-pk")[: per_page + 1]]
    return KeyPager(found[:per_page], query, bool(after and key) and bool(found), len(found) > per_page)
