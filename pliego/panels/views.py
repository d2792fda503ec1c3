"""Who evaluates a process: the page of everybody, the acts of the entity, and the link of those from outside."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.kernel.actors import Actor, Signature
from pliego.kernel.objections import Denied, Objection, Refused, Unknown
from pliego.panels import forms, links, queries, services
from pliego.panels.models import Impediment, Member, outsider
from pliego.panels.policy import IMPEDIMENTS, MEMBERS, POLICY, Act, ImpedimentAct, MemberAct
from pliego.panels.rules import KINDS, round_of
from pliego.tendering.models import Tender
from pliego.tendering.views.actions import PROGRESS
from pliego.tendering.views.shown import TENDERS
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import Button, button
from pliego.web.http import Request

Found = Callable[..., HttpResponse]
PROGRESS["panels:panel"] = queries.how_far


def title_of(tender: Tender) -> str:
    """How this method calls those who evaluate."""
    panel = tender.rulebook.panel
    return str(KINDS[panel.kind if panel else "committee"])


def _tender(request: Request, code: str) -> Tender:
    found = get_visible(TENDERS.visible_to(request.actor).public(), code=code)
    if found.rulebook.panel is None:
        raise Unknown()
    return found


def _require(verdict: Any) -> None:
    """Denied with the reason, before the form is shown; the signature is asked on the page."""
    if not verdict:
        raise Denied(verdict.reason)


def _page(tender: Tender, title: str, submit: str, **more: Any) -> dict[str, Any]:
    crumbs = [(f"/procesos/{tender.code}/", tender.code), (queries.panel_url(tender), title_of(tender)), ("", title)]
    return {
        "tender": tender,
        "title": title,
        "submit_label": submit,
        "cancel_url": queries.panel_url(tender),
        "crumbs": crumbs,
        **more,
    }


def _done(tender: Tender, sentence: str) -> Callable[[Any], tuple[str, str]]:
    told = f"{sentence} " + _("Receipt %(code)s.")
    return lambda made: (queries.panel_url(tender), told % {"code": made.receipt.code})


def panel(request: Request, code: str) -> HttpResponse:
    """Who evaluates and by which acts; for the entity, what each declared and what can be done."""
    tender, actor = _tender(request, code), request.actor
    everybody = list(queries.members(tender))
    for member in everybody:
        member.tender = tender
    seats = [member for member in everybody if member.state == "serving"]
    is_own = actor.account_id == tender.buyer_id and bool(actor.roles)
    context = {
        "tender": tender,
        "title": title_of(tender),
        "crumbs": [(f"/procesos/{code}/", code), ("", title_of(tender))],
        "panel": tender.rulebook.panel,
        "about": round_of(tender),
        "rows": [(member, _acts_on(actor, member)) for member in everybody],
        "is_own": is_own,
        "progress": queries.progress(tender, seats),
        "acts": tender.panel_acts.select_related("document").prefetch_related("appointed", "relieved"),
        "impediments": [
            (row, IMPEDIMENTS.verdict(actor, ImpedimentAct.DECIDE, row).allowed,
             IMPEDIMENTS.verdict(actor, ImpedimentAct.ANSWER, row).allowed)
            for row in queries.impediments(actor, tender).select_related("member__user", "tender__buyer")
        ],
        "buttons": _buttons(actor, tender, seats) if is_own else [],
    }  # fmt: skip
    return render(request, "panels/panel.html", context)


def _acts_on(actor: Actor, member: Member) -> list[tuple[str, str]]:
    """(address, words) of what the actor can do with that member."""
    offered = (
        (MemberAct.RELIEVE, "panels:relieve", _("Relieve")),
        (MemberAct.RECUSE, "panels:recuse", _("Recuse")),
    )
    return [
        (reverse(name, args=[member.tender.code, member.number]), words)
        for act, name, words in offered
        if MEMBERS.verdict(actor, act, member)
    ]


def _buttons(actor: Actor, tender: Tender, seats: list[Member]) -> list[Button]:
    code = tender.code
    found = []
    seat = next((member for member in seats if member.user_id == actor.user_id), None)
    if seat is not None and not seat.is_waiting():
        kind = "secondary" if seat.has_declared(round_of(tender)) else ""
        words = _("Declare a conflict that came later") if kind else _("Declare your conflicts of interest")
        url = reverse("panels:declare", args=[code])
        found.append(button(words, url, verdict=MEMBERS.verdict(actor, MemberAct.DECLARE, seat), kind=kind))
    words = _("Appoint others") if seats else _("Appoint who evaluates")
    verdict = POLICY.verdict(actor, Act.APPOINT, tender)
    url = reverse("panels:appoint", args=[code])
    return [*found, button(words, url, verdict=verdict, kind="secondary" if found or seats else "")]


@signed_in
def appoint(request: Request, code: str) -> HttpResponse:
    tender = _tender(request, code)
    _require(POLICY.verdict(request.actor, Act.APPOINT, tender))
    people = [(user_code, user.full_name) for user_code, user in queries.officials(tender).items()]
    return perform(
        request,
        page="panels/appoint.html",
        form=forms.AppointForm,
        form_options={"people": people},
        act=lambda data, actor: services.appoint_members(
            actor=actor, tender_id=tender.pk, members=forms.members_of(data), at=request.received_at,
            **{name: data[name] for name in ("act_number", "act_on", "since_on", "document")},
        ),
        done=_done(tender, _("They were appointed, and each is told to declare.")),
        context=_page(tender, _("Appoint who evaluates"), _("Sign and appoint")),
        binding=True,
        draft=f"tender:{code}:evaluadores",
    )  # fmt: skip


def on_member(act: MemberAct) -> Callable[[Found], Found]:
    """A page of an act on one member."""

    def made(view: Found) -> Found:
        @wraps(view)
        def page(request: Request, code: str, number: int) -> HttpResponse:
            tender = _tender(request, code)
            member = get_visible(queries.members(tender).select_related("tender__buyer"), number=number)
            _require(MEMBERS.verdict(request.actor, act, member))
            return view(request, tender, member)

        return signed_in(page)

    return made


@on_member(MemberAct.RELIEVE)
def relieve(request: Request, tender: Tender, member: Member) -> HttpResponse:
    return perform(
        request,
        page="panels/act.html",
        form=forms.RelieveForm,
        act=lambda data, actor: services.relieve_member(
            actor=actor, tender_id=tender.pk, number=member.number, at=request.received_at, **data
        ),
        done=_done(tender, _("The evaluator was relieved. What they did stays.")),
        context=_page(tender, _("Relieve %(name)s") % {"name": member.name}, _("Sign and relieve")),
        binding=True,
        draft=f"tender:{tender.code}:relevo:{member.number}",
    )


@on_member(MemberAct.RECUSE)
def recuse(request: Request, tender: Tender, member: Member) -> HttpResponse:
    lead = _("While it is not decided, they do not evaluate. They answer first, and then the entity decides.")
    return perform(
        request,
        page="panels/act.html",
        form=forms.RecuseForm,
        act=lambda data, actor: services.recuse_member(
            actor=actor, tender_id=tender.pk, number=member.number, reason=data["reason"], at=request.received_at
        ),
        done=_done(tender, _("Your recusal was presented.")),
        context=_page(tender, _("Recuse %(name)s") % {"name": member.name}, _("Present the recusal"), lead=lead),
        draft=f"tender:{tender.code}:recusacion:{member.number}",
    )


@signed_in
def declare(request: Request, code: str) -> HttpResponse:
    """The declaration of an official who was appointed."""
    tender = _tender(request, code)
    if (seat := queries.seat_of(request.actor, tender)) is None:
        raise Denied(_("You were not appointed to evaluate this process."))
    _require(MEMBERS.verdict(request.actor, MemberAct.DECLARE, seat))
    bidders = [(account.code, account.name) for account in queries.bidders(tender)]
    return perform(
        request,
        page="panels/declare.html",
        form=forms.DeclareForm,
        form_options={"bidders": bidders},
        act=lambda data, actor: services.declare_interests(
            actor=actor, tender_id=tender.pk, number=seat.number, at=request.received_at, **forms.declared(data)
        ),
        done=_done(tender, _("Your declaration was kept.")),
        context=_page(
            tender, _("Declare your conflicts of interest"), _("Sign the declaration"),
            member=seat, about=round_of(tender), bidders=bidders,
        ),
        binding=True,
    )  # fmt: skip


def _impediment(request: Request, code: str, number: int, act: ImpedimentAct) -> Impediment:
    tender = _tender(request, code)
    rows = queries.impediments(request.actor, tender).select_related("member__user", "tender__buyer__organization")
    found: Impediment = get_visible(rows, number=number)
    _require(IMPEDIMENTS.verdict(request.actor, act, found))
    return found


@signed_in
def answer(request: Request, code: str, number: int) -> HttpResponse:
    found = _impediment(request, code, number, ImpedimentAct.ANSWER)
    return perform(
        request,
        page="panels/impediment.html",
        form=forms.AnswerForm,
        act=lambda data, actor: services.answer_recusal(
            actor=actor, tender_id=found.tender_id, number=number, accepts=data["accepts"] == "yes",
            answer=data["answer"], at=request.received_at,
        ),
        done=_done(found.tender, _("Your answer was kept.")),
        context=_page(found.tender, _("Answer the recusal"), _("Answer"), row=found),
        draft=f"tender:{code}:impedimento:{number}:respuesta",
    )  # fmt: skip


@signed_in
def decide(request: Request, code: str, number: int) -> HttpResponse:
    found = _impediment(request, code, number, ImpedimentAct.DECIDE)
    return perform(
        request,
        page="panels/impediment.html",
        form=forms.DecideForm,
        act=lambda data, actor: services.decide_impediment(
            actor=actor, tender_id=found.tender_id, number=number, accepted=data["outcome"] == "accept",
            reason=data["reason"], act_number=data["act_number"], act_on=data["act_on"], at=request.received_at,
        ),
        done=_done(found.tender, _("It was decided.")),
        context=_page(
            found.tender, _("Decide on the impediment or recusal"), _("Sign the decision"), row=found
        ),
        binding=True,
        draft=f"tender:{code}:impedimento:{number}",
    )  # fmt: skip


# ---- from outside --------------------------------------------------------------------------------------------------


def outside(request: Request, token: str) -> HttpResponse:
    """The page of somebody without a user: they answer a recusal or declare, and sign with their document."""
    member = links.member_of(token)
    tender = member.tender
    recusal = next((row for row in member.impediments.all() if row.state == "waiting" and row.is_recusal), None)
    answers = recusal is not None and recusal.answered_at is None
    if not answers and (member.is_waiting() or not MEMBERS.verdict(outsider(member), MemberAct.DECLARE, member)):
        return render(request, "panels/outside.html", {"tender": tender, "member": member, "row": recusal})
    bidders = [(account.code, account.name) for account in queries.bidders(tender)]
    submit = _("Answer") if answers else _("Sign the declaration")
    context = {"tender": tender, "member": member, "row": recusal, "about": round_of(tender), "submit_label": submit}
    return perform(
        request,
        page="panels/outside.html",
        form=forms.OutsideAnswerForm if answers else forms.OutsideDeclareForm,
        form_options={} if answers else {"bidders": bidders},
        act=lambda data, _actor: _from_outside(request, member, recusal if answers else None, data),
        done=lambda made: (request.path, _("It was kept. Receipt %(code)s.") % {"code": made.receipt.code}),
        context={**context, "bidders": bidders, "is_declared": member.has_declared(round_of(tender))},
    )


def _from_outside(request: Request, member: Member, recusal: Impediment | None, data: dict[str, Any]) -> Any:
    at = request.received_at
    if data["document_number"].strip().upper() != member.document_number:
        raise Refused(
            Objection(
                "wrong_document", _("It is not the number with which the entity appointed you."), "document_number"
            )
        )
    actor = outsider(member).with_signature(Signature("link", at, {"document_type": member.document_type}))
    told: dict[str, Any] = {"actor": actor, "tender_id": member.tender_id, "at": at}
    if recusal is not None:
        accepts = data["accepts"] == "yes"
        return services.answer_recusal(number=recusal.number, accepts=accepts, answer=data["answer"], **told)
    return services.declare_interests(number=member.number, **forms.declared(data), **told)
