"""Price lists: the lines, bringing a spreadsheet in, what it would change, its errors, and taking it home."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pliego.kernel.objections import Unknown
from pliego.tendering import price_changes, price_lists, question_forms, services
from pliego.tendering.models import PriceLoad, QuestionnaireItem, Tender
from pliego.tendering.services.pricing import numbers_of, rows_of
from pliego.tendering.views.shown import inside, questions, section, url
from pliego.web.acts import get_visible
from pliego.web.http import Request
from pliego.web.pagination import paginate
from pliego.web.sheets import csv_lines

LINES = 50  # of a page
FILES = {
    "csv": (price_lists.to_csv, "text/csv; charset=utf-8"),
    "xlsx": (price_lists.to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def list_of(tender: Tender, number: int) -> QuestionnaireItem:
    return get_visible(tender.items.filter(kind="price_list"), number=number)


@questions
def price_list(request: Request, tender: Tender, number: int) -> HttpResponse:
    """The lines of a price list, and rows to put in their place."""
    found = list_of(tender, number)
    load = services.price_load(tender, number)

    def read(data: dict[str, Any], actor: Any) -> PriceLoad | None:
        told: dict[str, Any] = {"actor": actor, "tender_id": tender.pk, "number": number, "at": request.received_at}
        file = data["rows"].file if data["rows"] else None
        if tender.is_public:  # the amendment shows its before and after to whoever approves it
            rows = price_lists.read(content=file, text=data["text"])
            services.save_price_list(rows=rows, **told)
            return None
        return services.read_price_list(content=file, text=data["text"], name=file.name if file else "", **told)

    def done(load: PriceLoad | None) -> tuple[str, str]:
        if load is None:
            return url("price_list", tender, number), _("The price list is saved.")
        return url("price_load", tender, number), ""

    return section(
        request,
        tender,
        title=found.title,
        question=number,
        lines=True,
        page="tendering/price_list.html",
        form=question_forms.PriceListForm,
        initial={"text": load.text} if load else {},
        act=read,
        done=done,
        context={
            "item": found,
            "load": load,
            "loaded": services.loaded(load) if load else "",
            "pager": paginate(request, found.price_lines.all(), per_page=LINES),
            "submit_label": _("Read these rows"),
            "cancel_url": url("questionnaire", tender),
        },
    )


@questions
def price_load(request: Request, tender: Tender, number: int) -> HttpResponse:
    """What a file that was read would change, or every error in it; and the button that does it, or forgets it."""
    found = list_of(tender, number)
    load = get_visible(PriceLoad.objects.select_related("item"), item=found)
    present = [price_changes.row_of(line) for line in found.price_lines.all()]
    changes = [] if load.faults else price_changes.differences(present, rows_of(load), numbers_of(load))
    told: dict[str, Any] = {"tender_id": tender.pk, "number": number, "at": request.received_at}

    def act(data: dict[str, Any], actor: Any) -> QuestionnaireItem:
        if request.POST.get("accion") == "descartar":
            return services.drop_price_load(actor=actor, **told)
        return services.apply_price_load(actor=actor, **told, **data)

    return section(
        request,
        tender,
        title=_("What the file changes") if not load.faults else _("Errors of the file"),
        page="tendering/price_load.html",
        form=question_forms.PriceLoadForm,
        initial={"code": load.code, "seen": price_changes.fingerprint(present)},
        act=act,
        done=lambda item: (url("price_list", tender, number), _("The price list is as you decided.")),
        context={
            "item": found,
            "load": load,
            "counts": counts(changes, len(load.rows)),
            "pager": paginate(request, load.faults or changes, per_page=LINES),
            "columns": price_lists.TITLES,
            "submit_label": "" if load.faults or not changes else _("Put these changes in"),
            "cancel_url": url("price_list", tender, number),
        },
    )


def counts(changes: list[price_changes.Difference], rows: int) -> list[str]:
    """How many lines the file adds, changes, takes out and leaves as they are."""
    n = {kind: sum(change.kind == kind for change in changes) for kind in ("added", "changed", "removed")}
    same = rows - n["added"] - n["changed"]
    return [
        ngettext("%(n)s line added", "%(n)s lines added", n["added"]) % {"n": n["added"]},
        ngettext("%(n)s line changed", "%(n)s lines changed", n["changed"]) % {"n": n["changed"]},
        ngettext("%(n)s line taken out", "%(n)s lines taken out", n["removed"]) % {"n": n["removed"]},
        ngettext("%(n)s line stays as it is", "%(n)s lines stay as they are", same) % {"n": same},
    ]


@questions
def faults(request: Request, tender: Tender, number: int) -> HttpResponse:
    """Every error of the file that was read, as CSV."""
    load = get_visible(PriceLoad.objects.all(), item=list_of(tender, number))
    rows = ([fault["row"], fault["column"], fault["value"], fault["sentence"]] for fault in load.faults)
    name = f"{tender.code}-precios-{number}-errores.csv"
    answer = HttpResponse(csv_lines(price_lists.FAULTS_HEADER, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@inside()
def download(request: Request, tender: Tender, number: int, form: str) -> HttpResponse:
    """A price list as a spreadsheet, to fill in elsewhere and bring back; its template alone with `?vacia=1`."""
    found = list_of(tender, number)
    lines = [] if request.GET.get("vacia") else list(found.price_lines.all())
    return file_of(f"{tender.code}-precios-{number}", lines, form)


def file_of(name: str, lines: list[Any], form: str, header: tuple[str, ...] = price_lists.HEADER) -> HttpResponse:
    if form not in FILES:
        raise Unknown()
    write, media_type = FILES[form]
    answer = HttpResponse(write(lines, header), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer
