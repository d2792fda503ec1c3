"""The lines of the annual plan that a process comes from: candidates by code and method, or the reason for none."""

import re
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _

from pliego.planning.models import PlanLine
from pliego.planning.queries import lines_for
from pliego.tendering import services
from pliego.tendering.forms import PlanLinesForm
from pliego.tendering.models import Tender
from pliego.tendering.plan_lines import key_of
from pliego.tendering.policy import Act
from pliego.tendering.views.shown import inside, section, url
from pliego.web.http import Request

MOST, MOST_CHOSEN = 50, 200  # lines offered at once, the rest by their words; lines that a page may bring ticked


def candidates(tender: Tender, words: str) -> Any:
    """Lines of the same method with a code of the same class; or all those whose words are asked for."""
    codes = [tender.unspsc_main, *tender.unspsc_additional]
    told: dict[str, Any] = {"words": words} if words else {"method": tender.method, "unspsc": codes}
    return lines_for(account_id=tender.buyer_id, **told)


def ticked(tender: Tender, keys: list[str]) -> list[PlanLine]:
    """The published lines of the entity that the page brings ticked, also those withdrawn meanwhile: they are told."""
    places = [key.split("-") for key in keys[:MOST_CHOSEN] if re.fullmatch(r"\d{4}-\d{1,9}", key)]
    if not places:
        return []
    named = reduce(or_, (Q(plan__year=year, number=number) for year, number in places))
    rows = PlanLine.objects.filter(named, plan__account_id=tender.buyer_id, published_in__isnull=False)
    known = {key_of(line): line for line in rows.select_related("plan")}
    return [known[key] for key in dict.fromkeys(keys) if key in known]


def _shown(request: Request, tender: Tender) -> tuple[str, list[PlanLine], list[PlanLine]]:
    """The words asked for, the lines chosen or ticked, and those found, one more than the page offers."""
    is_sent = request.method == "POST"
    asked = request.POST if is_sent else request.GET
    words = asked.get("q", "").replace("\x00", "")[:100]
    chosen = ticked(tender, asked.getlist("plan_lines")) if is_sent else tender.planned
    return words, chosen, list(candidates(tender, words)[: MOST + 1])


@inside(Act.EDIT_GENERAL)
def plan_lines(request: Request, tender: Tender) -> HttpResponse:
    words, chosen, found = _shown(request, tender)
    answer = section(
        request, tender, title=_("Lines of the annual plan"), page="tendering/plan_lines.html", form=PlanLinesForm,
        act=lambda data, actor: services.choose_plan_lines(
            actor=actor, tender_id=tender.pk, line_ids=data["plan_lines"], justification=data["plan_justification"],
            at=request.received_at,
        ),
        form_options={"chosen": chosen, "found": found[:MOST]},
        initial={"plan_lines": [key_of(line) for line in chosen], "q": words,
                 "plan_justification": tender.plan_justification},
        done=lambda done: (url("general", tender), _("The lines of the plan have been saved.")),
        context={"words": words, "has_more": len(found) > MOST, "fields_template": "tendering/plan_lines_fields.html"},
    )  # fmt: skip
    if "accion" in request.POST:
        answer.status_code = 200  # nothing was wrong: somebody looked for others, or wanted to see the sum
    return answer
