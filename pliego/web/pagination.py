"""Lists are shown 25 rows at a time; filters stay in the address."""

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
