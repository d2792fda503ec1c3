"""One page for any section of plain data, in the draft and in the addendum; and the page where a supplier asks."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from pliego.conditions import criteria, mipyme, risks
from pliego.conditions.conditions import Condition, computed
from pliego.conditions.forms import MORE, ConditionForm, LimitationForm, content_of, initial_of
from pliego.conditions.policy import POLICY, Act
from pliego.conditions.services import request_limitation
from pliego.kernel.dates import instant
from pliego.kernel.objections import Denied, Unknown
from pliego.tendering import sections, services, standard
from pliego.tendering.models import Tender
from pliego.tendering.sections import plain
from pliego.tendering.views.shown import TENDERS, crumbs, editing, inside, onward, section
from pliego.web import drafts
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request
from pliego.web.sheets import csv_file, sheet_file


def page(code: str) -> Callable[..., HttpResponse]:
    """The view of the condition with that code."""

    @editing(code)
    def shown(request: Request, tender: Tender) -> HttpResponse:
        return _written(request, tender, code)

    return shown


def _written(request: Request, tender: Tender, code: str) -> HttpResponse:
    condition: Any = sections.get(code, tender)
    now = condition.typed(services.written(tender, condition))
    draft = f"tender:{tender.code}:{code}"
    kept = drafts.newest_of(request.actor, draft) if request.method == "GET" else None
    answer = section(
        request,
        tender,
        title=str(condition.title),
        part=code,
        form=ConditionForm,
        form_options={
            "condition": condition,
            "kept": list(kept.data) if kept else [],
            "locked": standard.locks(tender, code, plain(now)),
        },
        initial=initial_of(condition, now),
        act=lambda data, actor: _save(request, tender, condition, data, actor),
        page="conditions/page.html",
        context={
            "fields_template": "conditions/fields.html",
            "lead": condition.lead,
            "notes": list(condition.notes(tender, now, request.received_at)),
            "block_template": condition.block,
            "told": computed(condition, tender, now),
        },
        draft=draft,
    )
    if request.POST.get("accion", "").startswith(MORE):
        answer.status_code = 200  # nothing was wrong: somebody asked for more rows
    return answer


def _save(request: Request, tender: Tender, condition: Condition, data: dict[str, Any], actor: Any) -> Tender:
    content = content_of(condition, data)
    told: dict[str, Any] = {"actor": actor, "tender_id": tender.pk, "part": condition.code, "at": request.received_at}
    return services.save_section(content=content, **told)


@signed_in
def ask_limitation(request: Request, code: str) -> HttpResponse:
    """A supplier asks in time that only Mipymes may offer."""
    tender = get_visible(TENDERS.visible_to(request.actor), code=code)
    if not (verdict := POLICY.verdict(request.actor, Act.ASK_LIMITATION, tender)):
        raise Denied(verdict.reason)
    for over in mipyme.requests_are_over(tender, request.received_at):
        raise Denied(over.sentence)
    return perform(
        request,
        page="tendering/section.html",
        form=LimitationForm,
        act=lambda data, actor: request_limitation(actor=actor, tender_id=tender.pk, at=request.received_at, **data),
        done=lambda made: (
            f"/procesos/{tender.code}/",
            _("Your request is on file with number %(n)s. Receipt %(code)s.")
            % {"n": made.number, "code": made.receipt.code},
        ),
        context={"tender": tender, "cancel_url": f"/procesos/{tender.code}/", **_asking(tender)},
    )


def _asking(tender: Tender) -> dict[str, Any]:
    rule, due = mipyme.rule_of(tender), mipyme.due_of(tender)
    told = {"due": instant(due) if due else "", "least": rule.requests_at_least if rule else 0}
    return {
        "title": _("Ask to limit the process to Mipymes"),
        "lead": _("Until %(due)s. With %(least)s requests the entity must declare it.") % told,
        "submit_label": _("Send the request"),
    }


def limitation_requests(request: Request, code: str) -> HttpResponse:
    """Who asked to limit the process to Mipymes, and what the rule of the law makes of it."""
    tender = get_visible(TENDERS.visible_to(request.actor), code=code)
    at = request.received_at
    if not mipyme.is_told_to(request.actor, tender, at):
        raise Unknown()
    context = {
        "tender": tender,
        "outcome": mipyme.outcome(tender, at),
        "declared": dict(mipyme.LIMITED).get(mipyme.MIPYME.content(tender).limited, ""),
        "rows": tender.limitation_requests.select_related("supplier__organization"),
    }
    return render(request, "conditions/limitation.html", context)


@inside()
def price_decides(request: Request, tender: Tender) -> HttpResponse:
    """The criteria of a method where the price alone decides: nothing to write, and what decides a tie."""
    following = onward(request, tender, criteria.PRICE_DECIDES.code) if not tender.is_public else None
    title = str(criteria.PRICE_DECIDES.title)
    context = {
        "tender": tender,
        "title": title,
        "crumbs": crumbs(tender, title),
        "sentence": criteria.SENTENCES[criteria.rule_of(tender)],
        "legal_basis": tender.rulebook.evaluation.legal_basis,
        "ladder": criteria.ladder(tender),
        "onward": following,
    }
    return render(request, "conditions/price_only.html", context)


def risks_file(request: Request, code: str, form: str) -> HttpResponseBase:
    """The matrix of risks for a spreadsheet: what the process says now, to whoever may see it."""
    tender = get_visible(TENDERS.visible_to(request.actor), code=code)
    if form not in {"csv", "xlsx"}:
        raise Unknown()
    content = sections.get("risks", tender).content(tender)
    heading, rows = risks.sheet(content)
    name = f"riesgos-{tender.code}.{form}"
    if form == "csv":
        return csv_file(name=name, heading=heading, rows=rows)
    return sheet_file(title="Riesgos", name=name, heading=heading, rows=rows, widths=risks.WIDTHS)
