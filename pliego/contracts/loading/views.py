"""Pages of a file of contracts: sending it, every row with what is wrong in it, how far the drafting is."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.contracts import rules
from pliego.contracts.loading import files, services
from pliego.contracts.loading.columns import COLUMNS
from pliego.contracts.loading.forms import ContractsFileForm, DraftRowsForm
from pliego.contracts.loading.models import ContractLoad
from pliego.contracts.policy import LOAD_POLICY, LoadAct
from pliego.kernel.objections import Denied, Unknown
from pliego.tendering.models import Tender
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request
from pliego.web.pagination import paginate

SHOWN = {
    "errores": ~Q(faults=[]),
    "contratos": Q(contract__isnull=False),
    "pendientes": ~Q(outcome=""),
}


def _tender(request: Request, code: str) -> Tender:
    """The process, for who may load its contracts now."""
    tender = get_visible(Tender.objects.visible_to(request.actor).select_related("buyer__organization"), code=code)
    if not (verdict := LOAD_POLICY.verdict(request.actor, LoadAct.READ, tender)):
        raise Denied(verdict.reason)
    for fault in rules.is_not_for_many_contracts(tender):
        raise Denied(fault.sentence)
    return tender


@signed_in
def template(request: Request, code: str, form: str) -> HttpResponseBase:
    tender = _tender(request, code)
    if form not in files.FORMATS:
        raise Unknown()
    return files.template(tender, form)


@signed_in
def send(request: Request, code: str) -> HttpResponse:
    """Send a file of contracts of this process."""
    tender = _tender(request, code)

    def keep(data: dict[str, Any], actor: Any) -> ContractLoad:
        sent, told = data["file"], {"actor": actor, "tender_id": tender.pk, "at": request.received_at}
        return services.read_file(content=sent, name=sent.name, **told)

    return perform(
        request,
        page="contracts/load_send.html",
        form=ContractsFileForm,
        act=keep,
        done=lambda load: load.get_absolute_url(),
        context={
            "tender": tender,
            "title": _("Load contracts from a file"),
            "left": services.left_of(tender),
            "columns": COLUMNS,
            "loads": tender.contract_loads.select_related("read_by")[:20],
            "submit_label": _("Read the file"),
            "crumbs": _crumbs(tender, _("Load contracts from a file")),
        },
    )


def _crumbs(tender: Tender, here: Any) -> list[tuple[str, Any]]:
    return [(reverse("tendering:hub", args=[tender.code]), tender.code), ("", here)]


def _load(request: Request, code: str, load: str) -> ContractLoad:
    rows = ContractLoad.objects.visible_to(request.actor).select_related("tender", "read_by")
    return get_visible(rows, code=load, tender__code=code)


@signed_in
def show(request: Request, code: str, load: str) -> HttpResponse:
    """Every row with what is wrong in it, or the contract that it became; and the button that drafts the good ones."""
    found, shown = _load(request, code, load), request.GET.get("ver", "")
    rows = found.rows.select_related("contract__supplier__organization")

    def act(data: dict[str, Any], actor: Any) -> ContractLoad:
        told: dict[str, Any] = {"actor": actor, "load_id": found.pk, "at": request.received_at}
        if request.POST.get("accion") == "descartar":
            return services.drop(**told)
        return services.apply(**told, **data)

    return perform(
        request,
        page="contracts/load.html",
        form=DraftRowsForm,
        act=act,
        done=lambda load: load.get_absolute_url(),
        context={
            **_counts(found),
            "load": found,
            "tender": found.tender,
            "pager": paginate(request, rows.filter(SHOWN[shown]) if shown in SHOWN else rows),
            "shown": shown,
            "can_apply": LOAD_POLICY.verdict(request.actor, LoadAct.APPLY, found).allowed,
            "crumbs": _crumbs(found.tender, found.name),
        },
    )


def _counts(load: ContractLoad) -> dict[str, int]:
    rows = load.rows
    return {
        "total": rows.count(),
        "wrong": rows.exclude(faults=[]).count(),
        "made": rows.filter(contract__isnull=False).count(),
        "held": rows.exclude(outcome="").count(),
    }


@signed_in
def progress(request: Request, code: str, load: str) -> HttpResponse:
    """How far the drafting is; it sends the browser to the rows when it has ended."""
    found = _load(request, code, load)
    if found.state == "applying":
        return render(
            request, "contracts/load_progress.html", {"load": found, "tender": found.tender, **_counts(found)}
        )
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = found.get_absolute_url()
    return answer


@signed_in
def mend(request: Request, code: str, load: str, form: str) -> HttpResponseBase:
    """The rows with their errors, to be mended in a spreadsheet and sent again."""
    found = _load(request, code, load)
    if form not in files.FORMATS:
        raise Unknown()
    return files.wrong_rows(found, form)
