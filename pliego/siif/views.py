"""Pages of SIIF: the entity's documents, its lists, and the comparison in the section of the budget of a contract."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pliego.authority.views import crumbs_of
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY as CONTRACTS
from pliego.contracts.policy import Act as ContractAct
from pliego.contracts.queries import whole
from pliego.contracts.sections import BUDGET
from pliego.kernel.actors import Actor
from pliego.kernel.calendar import calendar
from pliego.kernel.objections import Denied, Refused
from pliego.siif import comparing, forms, queries, rest, services
from pliego.siif.columns import kinds
from pliego.siif.models import Load, Reading
from pliego.siif.policy import POLICY, Act
from pliego.siif.rules import KINDS, Typed
from pliego.web import drafts
from pliego.web.acts import See303, get_visible, perform, signed_in
from pliego.web.http import Request
from pliego.web.pagination import paginate
from pliego.web.sheets import csv_file

COLUMNS = (
    "kind", "number", "year", "pci", "is_known", "issued_on", "amount", "balance", "used", "expense_type", "source",
    "state", "certificate", "road", "read_at",
)  # fmt: skip
TITLE = "SIIF Nación"


def _asked(request: Request) -> dict[str, Any]:
    """The filters of the list, as its address says them."""
    said = request.GET.get
    return {"kind": said("tipo", ""), "text": said("q", "")[:60], "every": said("ver") == "todas"}


@require_safe
@signed_in
def documents(request: Request) -> HttpResponse:
    """What SIIF last said of each document of the entity, and how the adapter is."""
    account = services.account_for(Act.VIEW, request.actor, request.actor.account_id)
    asked = _asked(request)
    loads = POLICY.verdict(request.actor, Act.LOAD, account)
    context = {
        "account": account,
        "title": TITLE,
        "crumbs": crumbs_of(("", TITLE)),
        "pager": paginate(request, queries.listed(account, **asked)),
        "asked": asked,
        "kinds": KINDS.items(),
        "query": urlencode({name: value for name, value in request.GET.items() if name in {"tipo", "q", "ver"}}),
        "verdict": loads,
        "is_on": rest.is_on(),
        "last": queries.last_consultation(account),
        "loads": Load.objects.visible_to(request.actor).select_related("read_by")[:10],
    }
    return render(request, "siif/documents.html", context)


@require_safe
@signed_in
def download(request: Request) -> HttpResponseBase:
    """The same list, filtered as it is, for a spreadsheet."""
    account = services.account_for(Act.VIEW, request.actor, request.actor.account_id)
    rows = queries.listed(account, **_asked(request)).iterator(chunk_size=2000)
    return csv_file(name="siif-documentos.csv", heading=COLUMNS, rows=(cells(row) for row in rows))


def record(row: Reading) -> dict[str, Any]:
    """A reading as data: the same names in the file and in the API."""
    return {name: getattr(row, name) for name in COLUMNS}


def cells(row: Reading) -> list[Any]:
    told = record(row) | {"is_known": _("yes") if row.is_known else _("no"), "read_at": row.read_at.isoformat()}
    return ["" if told[name] is None else told[name] for name in COLUMNS]


@signed_in
def load_list(request: Request) -> HttpResponse:
    """Send a list that was downloaded from SIIF."""
    services.account_for(Act.LOAD, request.actor, request.actor.account_id)

    def keep(data: dict[str, Any], actor: Actor) -> Load:
        sent = data["file"]
        return services.load_list(actor=actor, kind=data["kind"], content=sent, name=sent.name, at=request.received_at)

    title = _("Load a list of SIIF")
    return perform(
        request,
        page="siif/load_list.html",
        form=forms.ListForm,
        act=keep,
        done=lambda load: (load.get_absolute_url(), _("The list was read.")),
        context={
            "title": title,
            "lists": [(KINDS[code], kind.shown()) for code, kind in kinds().items()],
            "submit_label": _("Read the list"),
            "cancel_url": reverse("siif:documents"),
            "crumbs": crumbs_of((reverse("siif:documents"), TITLE), ("", title)),
        },
    )


@require_safe
@signed_in
def load(request: Request, code: str) -> HttpResponse:
    """What was taken of a list, and each row that was not, with why."""
    found = get_visible(Load.objects.visible_to(request.actor).select_related("read_by"), code=code)
    context = {
        "load": found,
        "pager": paginate(request, found.faults),
        "wrong": len(found.faults),
        "crumbs": crumbs_of((reverse("siif:documents"), TITLE), ("", found.name)),
    }
    return render(request, "siif/load.html", context)


# ---- beside the budget of a contract ---------------------------------------------------------------------------------


def _draft(contract: Contract) -> str:
    return f"contrato:{contract.code}:{BUDGET.code}"


def _typed(request: Request, contract: Contract) -> list[Typed]:
    """The documents that the page shows: as sent with it, as kept while they were typed, or as saved."""
    if request.POST.get("borrador"):
        return comparing.typed_words(dict(request.POST.lists()))
    kept = drafts.newest_of(request.actor, _draft(contract))
    return comparing.typed_words(kept.data) if kept else comparing.typed_in(BUDGET.content(contract))


def beside_budget(request: Request, contract: Contract) -> dict[str, Any] | None:
    """For the entity's own people: what SIIF says of each document, beside what the contract says."""
    if not POLICY.verdict(request.actor, Act.VIEW, contract.buyer):
        return None
    verdict = POLICY.verdict(request.actor, Act.CONSULT, contract.buyer)
    typed = _typed(request, contract) if contract.buyer.in_siif else []
    sides = queries.beside(contract.buyer_id, typed, calendar.day_of(request.received_at))
    return {
        "template": "siif/beside.html",
        "verdict": verdict,
        "is_on": rest.is_on(),
        "sides": sides,
        "differ": any(side.differs for side in sides),
        "writes": bool(CONTRACTS.verdict(request.actor, ContractAct.EDIT, contract)),
    }


@require_POST
@signed_in
def consult(request: Request, code: str) -> HttpResponse:
    """Ask SIIF about the documents of the page. What was typed is kept first, whatever SIIF answers."""
    contract = get_visible(whole(Contract.objects.visible_to(request.actor)), code=code)
    if not (verdict := POLICY.verdict(request.actor, Act.CONSULT, contract.buyer)):
        raise Denied(verdict.reason)
    typed, today = _typed(request, contract), calendar.day_of(request.received_at)
    _keep(request, contract, {})
    try:
        services.consult(
            actor=request.actor, contract_id=contract.pk, asked=[one.asked(today) for one in typed],
            at=request.received_at,
        )  # fmt: skip
    except Refused as refused:
        for objection in refused.objections:
            messages.warning(request, str(objection.sentence))
    else:
        pairs = [(side.typed, side.reading) for side in queries.beside(contract.buyer_id, typed, today)]
        _keep(request, contract, comparing.filled(dict(request.POST.lists()), pairs))
        messages.success(request, _("SIIF answered: see below what it says of each document."))
    return See303(reverse("contracts:section", args=[contract.code, BUDGET.path]) + "#siif")


def _keep(request: Request, contract: Contract, more: dict[str, list[str]]) -> None:
    """Put what was typed, and what SIIF adds, in the draft of the section of whoever may write it."""
    if not request.POST.get("borrador") or not CONTRACTS.verdict(request.actor, ContractAct.EDIT, contract):
        return
    words: QueryDict = request.POST.copy()
    for name, values in more.items():
        words.setlist(name, values)
    mark = drafts.read_token(request.actor, _draft(contract), str(words["borrador"]))
    told: dict[str, Any] = {"version": mark.version, "overrule": True, "at": request.received_at}
    drafts.keep(actor=request.actor, mark=mark, sent=words, **told)
