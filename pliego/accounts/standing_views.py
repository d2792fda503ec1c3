"""Pages of a person's standing: the desk suspends, answers and merges; the person reads, appeals, closes their user."""

import json
from collections.abc import Callable
from itertools import islice
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pliego.accounts import (
    claims,
    closing,
    cosigning,
    forms,
    inactivity,
    merging,
    misuse,
    signing,
    standing_forms,
    suspending,
)
from pliego.accounts.models import Merger, Suspension, User
from pliego.accounts.policy import MERGING, POLICY, Act, MergerAct, is_of_the_platform
from pliego.accounts.standing_forms import files_of
from pliego.documents.models import Audience, Document
from pliego.documents.views import shown_to_reader
from pliego.kernel.events import title_of
from pliego.kernel.objections import Denied, Unknown
from pliego.ledger.intentions import digest
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.forms import Form
from pliego.web.http import Request
from pliego.web.pagination import paginate

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
INACTIVE_SHOWN = 25
WITH_PEOPLE = ("user", "opened_by", "closed_by")


def _desk_only(request: Request) -> None:
    if not (verdict := is_of_the_platform(request.actor, None)):
        raise Denied(verdict.reason)


def _found(request: Request, code: str) -> Suspension:
    return get_visible(Suspension.objects.visible_to(request.actor).select_related(*WITH_PEOPLE), code=code)


# ---- the desk: suspensions -------------------------------------------------------------------------------------------


@require_safe
@signed_in
def suspensions(request: Request) -> HttpResponse:
    """Every suspension, what waits first; and who has gone a year without operations, for people to decide."""
    _desk_only(request)
    rows = Suspension.objects.visible_to(request.actor).select_related("user").order_by("closed_at", "-opened_at", "pk")
    quiet = list(islice(inactivity.a_year_quiet(request.received_at), INACTIVE_SHOWN))
    return render(request, "accounts/suspensions.html", {"pager": paginate(request, rows), "quiet": quiet})


@never_cache
@GET_OR_POST
@signed_in
def open_suspension(request: Request) -> HttpResponse:
    _desk_only(request)

    def propose(data: dict[str, Any], actor: Any) -> Suspension:
        typed = {name: data[name] for name in data if name not in standing_forms.EVIDENCE}
        told = suspending.Proposal(**typed, evidence=files_of(data))
        return suspending.open_suspension(actor=actor, told=told, at=request.received_at)

    return perform(
        request,
        page="web/act.html",
        form=standing_forms.Proposal,
        initial={"person": request.GET.get("persona", ""), "ground": request.GET.get("causal", "")},
        act=propose,
        done=lambda made: (
            _desk_url(made),
            _("It is proposed. Two other people decide; the person knows nothing yet."),
        ),
        binding=True,
        context={
            "title": _("Propose a suspension"),
            "lead": _("Only on a ground of the terms of use, with facts and evidence. Two other people approve it."),
            "submit_label": _("Propose it"),
            "cancel_url": reverse("accounts:desk-suspensions"),
        },
    )


@require_safe
@signed_in
def desk_suspension(request: Request, code: str) -> HttpResponse:
    """The case: facts, evidence, approvals, appeals, and what may be done."""
    _desk_only(request)
    found = _found(request, code)
    verdicts = {act.value: POLICY.verdict(request.actor, act, found) for act in (Act.APPROVE, Act.REJECT, Act.LIFT)}
    shown = {"suspension": found, "source": misuse.SOURCE, "answers": POLICY.verdict(request.actor, Act.ANSWER, found)}
    return render(request, "accounts/desk_suspension.html", {**shown, **verdicts})


@never_cache
@GET_OR_POST
@signed_in
def approve_suspension(request: Request, code: str) -> HttpResponse:
    return _decide(
        request,
        _found(request, code),
        lambda data, actor: suspending.approve(actor=actor, code=code, at=request.received_at),
        title=_("Approve the suspension"),
        lead=_("The second approval puts it in force and tells the person."),
    )


@never_cache
@GET_OR_POST
@signed_in
def reject_suspension(request: Request, code: str) -> HttpResponse:
    return _decide(
        request,
        _found(request, code),
        lambda data, actor: suspending.reject(actor=actor, code=code, reason=data["reason"], at=request.received_at),
        title=_("Reject the suspension"),
        form=standing_forms.Reason,
    )


@never_cache
@GET_OR_POST
@signed_in
def lift_suspension(request: Request, code: str) -> HttpResponse:
    return _decide(
        request,
        _found(request, code),
        lambda data, actor: suspending.lift(actor=actor, code=code, reason=data["reason"], at=request.received_at),
        title=_("Lift the suspension"),
        lead=_("The person can act again at once, and is told."),
        form=standing_forms.Reason,
    )


@never_cache
@GET_OR_POST
@signed_in
def answer_appeal(request: Request, code: str, number: int) -> HttpResponse:
    found = _found(request, code)
    appeal = get_visible(found.appeals.all(), number=number)

    def answer(data: dict[str, Any], actor: Any) -> Suspension:
        told = {"grants": data["decision"] == "grant", "text": data["text"]}
        suspending.answer(actor=actor, code=code, number=number, at=request.received_at, **told)
        return found

    return _decide(request, found, answer, title=_("Answer the appeal"), lead=appeal.text, form=standing_forms.Answer)


def _decide(
    request: Request,
    found: Any,
    act: Callable[..., Any],
    *,
    title: str,
    lead: str = "",
    form: type[Form] = forms.Nothing,
) -> HttpResponse:
    _desk_only(request)
    return perform(
        request,
        page="web/act.html",
        form=form,
        act=act,
        done=lambda done: (_desk_url(found), _("It is done, and written in the log.")),
        binding=True,
        context={"title": title, "lead": lead, "submit_label": title, "cancel_url": _desk_url(found)},
    )


def _desk_url(found: Suspension | Merger) -> str:
    name = "desk-suspension" if isinstance(found, Suspension) else "desk-merger"
    return reverse(f"accounts:{name}", args=[found.code])


# ---- the person concerned --------------------------------------------------------------------------------------------


@require_safe
@signed_in
def suspension(request: Request, code: str) -> HttpResponse:
    """What the person is told: ground, facts, evidence, term; what they answered and were answered."""
    found = _found(request, code)
    if found.user_id != request.actor.user_id:
        return redirect(_desk_url(found))
    shown = {"suspension": found, "appeals": POLICY.verdict(request.actor, Act.APPEAL, found), "source": misuse.SOURCE}
    return render(request, "accounts/suspension.html", shown)


@never_cache
@GET_OR_POST
@signed_in
def appeal(request: Request, code: str) -> HttpResponse:
    found = _found(request, code)

    def file(data: dict[str, Any], actor: Any) -> Any:
        return suspending.appeal(
            actor=actor, code=code, text=data["text"], files=files_of(data), at=request.received_at
        )

    return perform(
        request,
        page="web/act.html",
        form=standing_forms.Appeal,
        act=file,
        done=lambda done: (
            reverse("accounts:suspension", args=[code]),
            _("We have your answer. Its receipt is %(code)s.") % {"code": done.receipt.code},
        ),
        context={
            "title": _("Answer or appeal"),
            "lead": found.described,
            "submit_label": _("Send it"),
            "cancel_url": reverse("accounts:suspension", args=[code]),
        },
    )


@require_safe
@signed_in
def paper(request: Request, code: str, document: str) -> HttpResponse:
    """A document of the case, for the desk and for the person concerned."""
    found = _found(request, code)
    evidence = found.evidence.filter(code=document).first()
    for filed in found.appeals.all() if evidence is None else ():
        evidence = evidence or filed.documents.filter(code=document).first()
    return shown_to_reader(evidence)


@never_cache
@GET_OR_POST
@signed_in
def close_user(request: Request) -> HttpResponse:
    """The person ends their own user; what stands in the way is said first."""
    user = signing.person_of(request)
    assert user is not None
    held = closing.objections(user, request.received_at)
    return perform(
        request,
        page="accounts/close.html",
        form=forms.Nothing,
        act=lambda data, actor: closing.close(actor=actor, at=request.received_at),
        done=lambda done: ("/", _("Your user is closed. Its receipt is %(code)s.") % {"code": done.receipt.code}),
        binding=True,
        context={
            "objections": held,
            "submit_label": _("Close my user"),
            "cancel_url": reverse("accounts:home"),
        },
    )


@never_cache
@GET_OR_POST
@signed_in
def cosign(request: Request, code: str) -> HttpResponse:
    """What somebody of the account asks to be signed by two."""
    found = cosigning.found(actor=request.actor, code=code)
    return perform(
        request,
        page="accounts/cosign.html",
        form=forms.Nothing,
        act=lambda data, actor: cosigning.cosign(actor=actor, code=code, at=request.received_at),
        done=lambda done: (reverse("accounts:cosign", args=[code]), _("You signed as second person.")),
        binding=True,
        context={
            "intention": found,
            "acts": [(title_of(act["act"]), act) for act in found.acts],
            "sha256": digest(found.said),
            "exact": json.dumps([act["content"] for act in found.acts], ensure_ascii=False, indent=1),
            "may_sign": bool(cosigning.POLICY.verdict(request.actor, cosigning.Act.SIGN, found)),
            "submit_label": _("Sign as second person"),
        },
    )


@never_cache
@GET_OR_POST
@signed_in
def prove_claim(request: Request) -> HttpResponse:
    """Who registered with a document of another registration shows who they are."""
    user = signing.person_of(request)
    if user is None or not user.is_claim:
        raise Unknown()
    return perform(
        request,
        page="web/act.html",
        form=standing_forms.ClaimProof,
        act=lambda data, actor: claims.prove(
            actor=actor, reason=data["reason"], files=files_of(data), at=request.received_at
        ),
        done=lambda done: (
            reverse("accounts:home"),
            _("The service desk has it. Its receipt is %(code)s.") % {"code": done.receipt.code},
        ),
        context={
            "title": _("Prove who you are"),
            "lead": _("Your document is read by the service desk and by nobody else."),
            "submit_label": _("Send it"),
            "cancel_url": reverse("accounts:home"),
        },
    )


# ---- the desk: mergers -----------------------------------------------------------------------------------------------


@require_safe
@signed_in
def mergers(request: Request) -> HttpResponse:
    _desk_only(request)
    rows = Merger.objects.visible_to(request.actor).select_related("kept", "duplicate").order_by("closed_at", "-pk")
    return render(request, "accounts/mergers.html", {"pager": paginate(request, rows)})


@never_cache
@GET_OR_POST
@signed_in
def open_merger(request: Request) -> HttpResponse:
    _desk_only(request)

    def propose(data: dict[str, Any], actor: Any) -> Merger:
        told = {name: data[name] for name in ("registration", "duplicate", "reason")}
        return merging.open_merger(actor=actor, files=files_of(data), at=request.received_at, **told)

    return perform(
        request,
        page="web/act.html",
        form=standing_forms.MergerProposal,
        act=propose,
        done=lambda made: (_desk_url(made), _("It is proposed. Two other people decide.")),
        binding=True,
        context={
            "title": _("Merge two registrations of one person"),
            "lead": _("The places move to the one that is kept. The log and the receipts stay as they are."),
            "submit_label": _("Propose it"),
            "cancel_url": reverse("accounts:desk-mergers"),
        },
    )


@require_safe
@signed_in
def desk_merger(request: Request, code: str) -> HttpResponse:
    _desk_only(request)
    found = get_visible(Merger.objects.visible_to(request.actor).select_related("kept", "duplicate"), code=code)
    verdicts = {a.value: MERGING.verdict(request.actor, a, found) for a in (MergerAct.APPROVE, MergerAct.REJECT)}
    return render(request, "accounts/desk_merger.html", {"merger": found, **verdicts})


@never_cache
@GET_OR_POST
@signed_in
def approve_merger(request: Request, code: str) -> HttpResponse:
    return _decide(
        request,
        get_visible(Merger.objects.visible_to(request.actor), code=code),
        lambda data, actor: merging.approve(actor=actor, code=code, at=request.received_at),
        title=_("Approve the merging"),
        lead=_("The second approval moves the places and ends the duplicate."),
    )


@never_cache
@GET_OR_POST
@signed_in
def reject_merger(request: Request, code: str) -> HttpResponse:
    return _decide(
        request,
        get_visible(Merger.objects.visible_to(request.actor), code=code),
        lambda data, actor: merging.reject(actor=actor, code=code, reason=data["reason"], at=request.received_at),
        title=_("Reject the merging"),
        form=standing_forms.Reason,
    )


@require_safe
@signed_in
def desk_person(request: Request, code: str) -> HttpResponse:
    """Who is registered with a code, for the desk. The code of a merged registration leads to the one that was kept."""
    _desk_only(request)
    found = merging.person_called(code)
    if found is None:
        raise Unknown()
    if found.code != code:
        return redirect("accounts:desk-person", code=found.code)
    shown = {
        "person": found,
        "others": claims.others_of(found),
        "proofs": _proofs_of(found) if found.is_claim else (),
        "merged": User.objects.filter(merged_into=found),
        "suspensions": Suspension.objects.visible_to(request.actor).filter(user=found).order_by("-opened_at"),
    }
    return render(request, "accounts/desk_person.html", shown)


@require_safe
@signed_in
def claim_paper(request: Request, code: str, document: str) -> HttpResponse:
    """What somebody sent to prove who they are, for the desk alone."""
    _desk_only(request)
    person = User.objects.filter(code=code, is_claim=True).first()
    found = _proofs_of(person).filter(code=document).first() if person else None
    return shown_to_reader(found)


def _proofs_of(person: User) -> Any:
    return Document.objects.filter(file=person.file, audience=Audience.DESK, uploaded_by_id=person.pk).order_by("pk")
