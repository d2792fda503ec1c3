"""How the pages of this room find a tender, and what all of them show around their content."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.kernel.actors import Actor
from pliego.tendering import queries, rules
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request

TENDERS = Tender.objects.select_related(
    "buyer__organization", "unit", "plan_line__plan", "prepared_by", "approved_by", "team"
)
EDITS = {code: Act(f"edit_{code}") for code in queries.SECTION_PATHS}
View = Callable[..., HttpResponse]


def inside(act: Act = Act.READ_DRAFT) -> Callable[[View], View]:
    """A page of the entity's desk: signed in, and allowed to do that act now."""

    def made(view: View) -> View:
        @wraps(view)
        def page(request: Request, code: str, **rest: Any) -> HttpResponse:
            tender = get_visible(TENDERS.visible_to(request.actor), code=code)
            # The signature of a binding act is asked on its page, so only the verdict counts here.
            POLICY.require(request.actor, Act.READ_DRAFT, tender)
            require(request.actor, act, tender)
            return view(request, tender, **rest)

        return signed_in(page)

    return made


def editing(part: str) -> Callable[[View], View]:
    """The page of a section: for whoever may edit it, its form; for the others of the entity, what it says, and why
    they only read it.
    """

    def made(view: View) -> View:
        form = inside(EDITS[part])(view)

        @wraps(view)
        def page(request: Request, code: str, **rest: Any) -> HttpResponse:
            tender = get_visible(TENDERS.visible_to(request.actor), code=code)
            verdict = POLICY.verdict(request.actor, EDITS[part], tender)
            if request.method == "POST" or verdict or not POLICY.verdict(request.actor, Act.READ_DRAFT, tender):
                return form(request, code, **rest)
            return _read(request, tender, part, verdict.reason)

        return signed_in(page)

    return made


def _read(request: Request, tender: Tender, part: str, reason: Any) -> HttpResponse:
    title = next(section.title for section in rules.SECTIONS if section.code == part)
    context = {
        **whole(tender, request.received_at),
        "tender": tender,
        "part": part,
        "title": title,
        "reason": reason,
        "crumbs": crumbs(tender, str(title)),
    }
    return render(request, "tendering/read.html", context)


def whole(tender: Tender, at: datetime) -> dict[str, Any]:
    """Everything that the pliego says, to be read."""
    return {
        "agenda": queries.agenda(tender, at=at),
        "envelopes": queries.questionnaire(tender),
        "documents": tender.documents.select_related("document"),
        "members": tender.opening_members.select_related("user"),
        "invitations": tender.invitations.select_related("supplier__organization"),
        "method": tender.rulebook,
    }


def require(actor: Actor, act: Act, tender: Tender) -> None:
    """Denied with the reason, whether or not the act needs a signature."""
    from pliego.kernel.objections import Denied

    if not (verdict := POLICY.verdict(actor, act, tender)):
        raise Denied(verdict.reason)


def crumbs(tender: Tender | None = None, here: str = "") -> list[tuple[str, str]]:
    found = [(reverse("tendering:tenders"), _("Processes"))]
    if tender is not None:
        found.append((url("hub", tender) if here else "", tender.code))
    return [*found, ("", here)] if here else found


def url(name: str, tender: Tender, *more: Any) -> str:
    return reverse(f"tendering:{name}", args=[tender.code, *more])


def onward(request: Request, tender: Tender, part: str) -> tuple[str, str]:
    """Where to go on from a section of the pliego, and how that page is called: the next one that is not ready, or
    the check before the approval. The list of sections stays a link away.
    """
    following = queries.next_section(TENDERS.get(pk=tender.pk), part, at=request.received_at)
    if following is None:
        return url("submit", tender), _("Check and send for approval")
    return url("hub", tender) + following.path, str(following.title)


def _way_on(request: Request, tender: Tender, part: str) -> dict[str, Any]:
    """For the pages where one adds things one by one: what this section still lacks, and where to go after it."""
    own = next(section for section in queries.checklist(tender, at=request.received_at) if section.code == part)
    return {"onward": onward(request, tender, part), "lacking": own.objections}


def saved(request: Request, tender: Tender, part: str) -> tuple[str, str]:
    address, title = onward(request, tender, part)
    return address, _("Saved. Now: %(page)s.") % {"page": title}


def section(request: Request, tender: Tender, *, title: str, part: str = "", **options: Any) -> HttpResponse:
    """A section of the pliego as a page: its form, the way on, and the way back to the list of sections."""
    context = {
        "tender": tender,
        "title": title,
        "crumbs": crumbs(tender, title),
        "cancel_url": url("hub", tender),
        "submit_label": _("Save and go on"),
        **(_way_on(request, tender, part) if part and "done" in options else {}),
        **options.pop("context", {}),
    }
    return perform(
        request,
        page=options.pop("page", "tendering/section.html"),
        done=options.pop("done", lambda result: saved(request, tender, part)),
        context=context,
        **options,
    )
