"""One page for any section of plain data: in the draft, and in the addendum."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from pliego.conditions.conditions import Condition
from pliego.conditions.forms import MORE, ConditionForm, content_of, initial_of
from pliego.tendering import sections, services
from pliego.tendering.models import Tender
from pliego.tendering.views.shown import editing, section
from pliego.web import drafts
from pliego.web.http import Request


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
        form_options={"condition": condition, "kept": list(kept.data) if kept else []},
        initial=initial_of(condition, now),
        act=lambda data, actor: _save(request, tender, condition, data, actor),
        context={"fields_template": "conditions/fields.html", "lead": condition.lead},
        draft=draft,
    )
    if request.POST.get("accion", "").startswith(MORE):
        answer.status_code = 200  # nothing was wrong: somebody asked for more rows
    return answer


def _save(request: Request, tender: Tender, condition: Condition, data: dict[str, Any], actor: Any) -> Tender:
    content = content_of(condition, data)
    told: dict[str, Any] = {"actor": actor, "tender_id": tender.pk, "part": condition.code, "at": request.received_at}
    return services.save_section(content=content, **told)
