"""The line of the annual plan that a process comes from: candidates by code and method, or the reason for none."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from pliego.planning.queries import lines_for
from pliego.tendering import services
from pliego.tendering.forms import PlanLineForm
from pliego.tendering.models import Tender
from pliego.tendering.policy import Act
from pliego.tendering.views.shown import inside, section, url
from pliego.web.http import Request
from pliego.web.pagination import paginate


def candidates(request: Request, tender: Tender) -> Any:
    """Lines of the same method with a code of the same class; or all those whose words are asked for."""
    words = request.GET.get("q", "").replace("\x00", "")[:100]
    codes = [tender.unspsc_main, *tender.unspsc_additional]
    told: dict[str, Any] = {"words": words} if words else {"method": tender.method, "unspsc": codes}
    return lines_for(account_id=tender.buyer_id, **told)


@inside(Act.EDIT_GENERAL)
def plan_line(request: Request, tender: Tender) -> HttpResponse:
    pager = paginate(request, candidates(request, tender))

    def act(data: dict[str, Any], actor: Any) -> Tender:
        line = int(data["plan_line"]) if data["plan_line"] else None
        return services.choose_plan_line(
            actor=actor, tender_id=tender.pk, line_id=line, justification=data["plan_justification"],
            at=request.received_at,
        )  # fmt: skip

    return section(
        request, tender, title=_("Line of the annual plan"), page="tendering/plan_line.html", form=PlanLineForm,
        act=act,
        form_options={"lines": [*pager, *([tender.plan_line] if tender.plan_line else [])]},
        initial={"plan_line": str(tender.plan_line_id or ""), "plan_justification": tender.plan_justification},
        done=lambda done: (url("general", tender), _("The line of the plan has been saved.")),
        context={"pager": pager, "q": request.GET.get("q", "")},
    )  # fmt: skip
