"""What the offers of a public process must answer, for everybody: questions and price lists, page by page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.tendering import price_lists, queries
from pliego.tendering.models import Tender
from pliego.tendering.views.pricing import LINES, file_of, list_of
from pliego.web.acts import get_visible
from pliego.web.http import Request
from pliego.web.pagination import paginate


def _tender(request: Request, code: str) -> Tender:
    return get_visible(Tender.objects.visible_to(request.actor), code=code)


def _crumbs(tender: Tender, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(f"/procesos/{tender.code}/", tender.code), *more]


def _title(tender: Tender) -> str:
    return str(tender.rulebook.words.contents or _("What offers must contain"))


def questions(request: Request, code: str) -> HttpResponse:
    """Every question, a page at a time."""
    tender = _tender(request, code)
    pager = paginate(request, queries.questions_in_order(tender), per_page=queries.QUESTIONS)
    title = _title(tender)
    context = {"tender": tender, "pager": pager, "envelopes": queries.by_envelope(tender, pager), "title": title}
    return render(request, "tendering/questions.html", {**context, "crumbs": _crumbs(tender, ("", title))})


def lines(request: Request, code: str, number: int) -> HttpResponse:
    """The lines of one price list, a page at a time."""
    tender = _tender(request, code)
    item = list_of(tender, number)
    pager = paginate(request, item.price_lines.all(), per_page=LINES)
    above = (f"/procesos/{tender.code}/cuestionario/", _title(tender))
    context = {"tender": tender, "item": item, "pager": pager, "title": item.title}
    return render(request, "tendering/lines.html", {**context, "crumbs": _crumbs(tender, above, ("", item.title))})


def download(request: Request, code: str, number: int, form: str) -> HttpResponse:
    """The list with a column for one's prices, as a spreadsheet."""
    tender = _tender(request, code)
    lines = list(list_of(tender, number).price_lines.all())
    return file_of(f"{tender.code}-precios-{number}", lines, form, price_lists.OFFER_HEADER)
