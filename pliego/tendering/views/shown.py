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
from pliego.kernel.objections import Denied, Refused
from pliego.kernel.policy import Verdict
from pliego.tendering import openers, queries, reinforcing, sections, services, standard
from pliego.tendering.models import Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.services.editing import NO_AMENDMENT
from pliego.web import drafts
from pliego.web.acts import See303, get_visible, perform, signed_in
from pliego.web.http import Request

TENDERS = Tender.objects.select_related("buyer__organization", "unit", "prepared_by", "approved_by", "team")
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
    they only read it. Once the process is public, what they write goes into the amendment in preparation.
    """

    def made(view: View) -> View:
        @wraps(view)
        def page(request: Request, code: str, **rest: Any) -> HttpResponse:
            tender = get_visible(TENDERS.visible_to(request.actor), code=code)
            POLICY.require(request.actor, Act.READ_DRAFT, tender)
            verdict = may_write(request.actor, tender, part)
            if verdict:
                return view(request, tender, **rest)
            if request.method == "POST":
                raise Denied(verdict.reason)
            return _read(request, tender, part, verdict.reason)

        return signed_in(page)

    return made


def questions(view: View) -> View:
    """A page that writes the questionnaire: in the draft or, in a public process, in the amendment that waits."""

    @wraps(view)
    def page(request: Request, tender: Tender, **rest: Any) -> HttpResponse:
        if not tender.is_public:
            require(request.actor, Act.EDIT_QUESTIONNAIRE, tender)
            return view(request, tender, **rest)
        if not (verdict := may_write(request.actor, tender, "questionnaire")):
            raise Denied(verdict.reason)
        with services.amended(actor=request.actor, tender_id=tender.pk, part="questionnaire"):
            return view(request, tender, **rest)

    return inside()(page)


def may_write(actor: Actor, tender: Tender, part: str) -> Verdict:
    """Whether this person writes that section now: in the draft, or in an amendment that waits for its approval."""
    section = sections.get(part, tender)
    if not (tender.is_public and section.is_amendable):
        return POLICY.verdict(actor, Act(section.act), tender)
    verdict = POLICY.verdict(actor, Act.DRAFT_AMENDMENT, tender)
    if verdict and tender.amendment_writer_id is None:
        return Verdict(False, NO_AMENDMENT)
    return verdict


def _read(request: Request, tender: Tender, part: str, reason: Any) -> HttpResponse:
    title = sections.get(part).title
    context = {
        **whole(tender, request.received_at),
        "tender": tender,
        "part": part,
        "kept": dict(conditions(tender)).get(title),
        "title": title,
        "reason": reason,
        "standard": standard.told(tender, part),
        "crumbs": crumbs(tender, str(title)),
    }
    return render(request, "tendering/read.html", context)


def whole(tender: Tender, at: datetime) -> dict[str, Any]:
    """Everything that the pliego says, to be read."""
    return {
        "agenda": queries.own_agenda(tender, at=at),
        "envelopes": queries.questionnaire(tender),
        "documents": tender.documents.select_related("document"),
        "members": tender.opening_members.select_related("user"),
        "cautions": opening_cautions(tender),
        "invitations": tender.invitations.select_related("supplier__organization"),
        "method": tender.rulebook,
        "conditions": conditions(tender),
    }


def opening_cautions(tender: Tender) -> list[Any]:
    """Of an opening with fewer members, or for which fewer are needed, than is usual for its size."""
    if not tender.has_bidding or tender.is_public:
        return []
    found = openers.usual_of(tender, len(queries.people_who_may_open(tender)))
    usual = openers.cautions(found, tender.opening_threshold, tender.opening_members.count())
    return [*usual, *reinforcing.cautions(tender)]


def conditions(tender: Tender) -> list[tuple[Any, list[tuple[Any, Any]]]]:
    """The sections without tables of their own that say something, each in words."""
    kept = ((part, part.content(tender)) for part in sections.of(tender) if part.is_kept)
    told = ((part.title, [row for row in part.words(tender, content) if row[1]]) for part, content in kept)
    return [(title, rows) for title, rows in told if rows]


def require(actor: Actor, act: Act, tender: Tender) -> None:
    """Denied with the reason, whether or not the act needs a signature."""
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
    if tender.is_public:
        return url("amendment", tender), _("Saved in the amendment. Another person must approve and publish it.")
    address, title = onward(request, tender, part)
    return address, _("Saved. Now: %(page)s.") % {"page": title}


class Writing:
    """A section, or one question of it, that somebody writes while others may: what they had before them goes and
    comes with the page."""

    def __init__(
        self, request: Request, tender: Tender, part: str, question: int = 0, *, draft: str = "", lines: bool = False
    ) -> None:
        self.request, self.tender, self.part, self.question, self.draft = request, tender, part, question, draft
        self.lines = lines
        self.sent = request.POST.get("visto", "")[:64]
        self.clashes = False

    @property
    def seen(self) -> str:
        """The mark that the page takes along: what was there when it was first shown, or when the draft in it was
        typed; or what is there now, once the writer was told that somebody else wrote."""
        if self.sent and not self.clashes:
            return self.sent
        kept = drafts.newest_of(self.request.actor, self.draft) if self.draft and not self.clashes else None
        if kept and kept.data.get(drafts.SEEN):
            return kept.data[drafts.SEEN][0][:64]
        return services.seen_now(TENDERS.get(pk=self.tender.pk), self.part, self.question, lines=self.lines)

    @property
    def compared(self) -> str:
        """What shows both versions, or leads to the other one."""
        return "tendering/clash_of_lines.html" if self.lines else "tendering/clash.html"

    def guarded(self, act: Callable[[dict[str, Any], Actor], Any]) -> Callable[[dict[str, Any], Actor], Any]:
        def done(data: dict[str, Any], actor: Actor) -> Any:
            try:
                about: dict[str, Any] = {"tender_id": self.tender.pk, "part": self.part, "question": self.question}
                services.hold_section(**about, seen=self.sent, lines=self.lines)
            except Refused:
                self.clashes = True
                raise
            return act(data, actor)

        return done


def around(tender: Tender, title: str, part: str) -> dict[str, Any]:
    """What the page of a section shows beside its form."""
    return {
        "tender": tender,
        "title": title,
        "part": part,
        "standard": standard.told(tender, part) if part else None,
        "origin": tender.origins.filter(part=part).first() if part and not tender.is_public else None,
        "crumbs": crumbs(tender, title),
        "cancel_url": url("amendment" if tender.is_public and part else "hub", tender),
        "submit_label": _("Save in the amendment") if tender.is_public and part else _("Save and go on"),
    }


def section(request: Request, tender: Tender, *, title: str, part: str = "", **options: Any) -> HttpResponse:
    """A section of the pliego as a page: its form, the way on, and the way back to the list of sections. A page that
    holds the whole section, that one `question` of it, or the `lines` of its price list, is not written over what
    somebody else saved meanwhile."""
    question: int = options.pop("question", 0)
    lines: bool = options.pop("lines", False)
    is_whole = bool(part) and "done" not in options
    kept = options.get("draft", "")
    about = {"part": part or "questionnaire", "question": question, "draft": kept, "lines": lines}
    writing = Writing(request, tender, **about) if is_whole or question else None
    if writing and request.POST.get("accion") == "dejar":  # theirs stands: what this person typed is forgotten
        if kept:
            drafts.discard(request.actor, kept, version=0)
        return See303(request.path)
    context = {
        **around(tender, title, part),
        "writing": writing,
        **(_way_on(request, tender, part) if part and not is_whole and not tender.is_public else {}),
        **options.pop("context", {}),
    }
    if writing:
        options["act"] = writing.guarded(options["act"])
    return perform(
        request,
        page=options.pop("page", "tendering/section.html"),
        done=options.pop("done", lambda result: saved(request, tender, part)),
        context=context,
        **options,
    )
