"""Pages of the replacement of lost factors: who lost them, without signing in; the desk, which proves and confirms."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from pliego.accounts import factors, forms, links, reissuing, standing_forms
from pliego.accounts.account_views import GET_OR_POST
from pliego.accounts.models import AccessRecord, Reissue
from pliego.accounts.policy import REISSUING, ReissueAct, is_of_the_platform
from pliego.accounts.standing_forms import files_of
from pliego.accounts.views import CODES, PENDING_TOTP, as_key
from pliego.documents.views import shown_to_reader
from pliego.kernel.objections import Denied, Refused
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.forms import Form
from pliego.web.http import Request
from pliego.web.pagination import paginate

LINES_SHOWN = 10
WITH_PEOPLE = ("user", "proved_by", "confirmed_by", "closed_by")


# ---- who lost them ---------------------------------------------------------------------------------------------------


@never_cache
@GET_OR_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the link that opens a case. The answer is the same whoever asks for whomever."""
    return perform(
        request,
        page="web/act.html",
        form=forms.Recovery,
        act=lambda data, actor: reissuing.ask(request=request, email=data["email"]),
        done=lambda nothing: (
            reverse("account_login"),
            _("If somebody is registered with that address, they have a mail that says how to go on."),
        ),
        context={
            "title": _("Replace lost factors"),
            "lead": _(
                "For who has no passkey, no authenticator and no recovery code left. We mail a link; on its page you"
                " show your identity document, two people of the service desk decide, and after a wait you add a new"
                " authenticator with your password."
            ),
            "submit_label": _("Send me the link"),
            "cancel_url": reverse("accounts:recover"),
        },
    )


@never_cache
@GET_OR_POST
def open_case(request: Request, token: str) -> HttpResponse:
    """The page of the mailed link: what happened, and the document."""
    links.read(token, links.Purpose.REISSUE)

    def begin(data: dict[str, Any], actor: Any) -> Reissue:
        told = {"reason": data["reason"], "files": files_of(data)}
        return reissuing.open_case(request=request, secret=token, at=request.received_at, **told)

    return perform(
        request,
        page="web/act.html",
        form=standing_forms.ReissueCase,
        act=begin,
        done=lambda case: (
            reverse("account_login"),
            _("Case %(code)s is open, with receipt %(receipt)s. We write to you at each step.")
            % {"code": case.code, "receipt": case.receipt.code},
        ),
        context={
            "title": _("Prove who you are"),
            "lead": _(
                "Two people of the service desk decide, and one of them will speak with you. Your document is read by"
                " them and by nobody else."
            ),
            "submit_label": _("Open the case"),
        },
    )


@never_cache
@sensitive_post_parameters("password")
@GET_OR_POST
def new_factor(request: Request, token: str) -> HttpResponse:
    """The page of the last link: the password, and the authenticator that takes the place of what was lost."""
    case = reissuing.of_link(token)
    secret = request.session.setdefault(PENDING_TOTP, factors.new_secret())
    is_sent = request.method == "POST"
    wrong = reissuing.password_is_wrong(request, case, request.POST.get("password", "")) if is_sent else None

    def replace(data: dict[str, Any], actor: Any) -> list[str]:
        if wrong:
            raise Refused(wrong)
        told = {"password": data["password"], "totp_secret": secret, "code": data["code"]}
        return reissuing.use(request=request, secret=token, at=request.received_at, **told)[1]

    def done(codes: list[str]) -> tuple[str, str]:
        del request.session[PENDING_TOTP]
        request.session[CODES] = codes
        return reverse("accounts:recovery-codes"), _("Your factors were replaced. Keep these codes and sign in.")

    context = {"qr": factors.qr_image(factors.enrolment_uri(case.user, secret)), "secret": as_key(secret)}
    return perform(
        request, page="accounts/reissue_factor.html", form=forms.ReplacedFactor, act=replace, done=done, context=context
    )


@never_cache
@GET_OR_POST
@signed_in
def stop(request: Request, code: str) -> HttpResponse:
    """Whoever is inside says that they did not ask for it."""
    get_visible(Reissue.objects.filter(user_id=request.actor.user_id or 0), code=code)
    return perform(
        request,
        page="web/act.html",
        form=forms.Nothing,
        act=lambda data, actor: reissuing.stop(actor=actor, code=code, at=request.received_at),
        done=lambda case: (
            reverse("accounts:home"),
            _("It is stopped. Your factors stay, and for 24 hours nobody can ask again by mail."),
        ),
        context={
            "title": _("It was not me: stop it"),
            "lead": _("Nobody replaces your factors, and the service desk is told that it was not you who asked."),
            "submit_label": _("Stop it"),
            "cancel_url": reverse("accounts:home"),
        },
    )


# ---- the desk --------------------------------------------------------------------------------------------------------


def _desk_only(request: Request) -> None:
    if not (verdict := is_of_the_platform(request.actor, None)):
        raise Denied(verdict.reason)


def _found(request: Request, code: str) -> Reissue:
    _desk_only(request)
    return get_visible(Reissue.objects.visible_to(request.actor).select_related(*WITH_PEOPLE), code=code)


@require_safe
@signed_in
def cases(request: Request) -> HttpResponse:
    """What is under way first, the oldest first; then what ended."""
    _desk_only(request)
    rows = Reissue.objects.visible_to(request.actor).select_related("user").order_by("-closed_at", "opened_at", "pk")
    return render(request, "accounts/reissues.html", {"pager": paginate(request, rows)})


@require_safe
@signed_in
def case(request: Request, code: str) -> HttpResponse:
    """The case: who is registered, what they sent, what was checked, and what may be done."""
    found = _found(request, code)
    acts = (ReissueAct.PROVE, ReissueAct.CONFIRM, ReissueAct.REFUSE)
    shown = {
        "case": found,
        "checks": [reissuing.CHECKS[check] for check in found.checks],
        "lines": AccessRecord.objects.filter(user=found.user)[:LINES_SHOWN],
        **{act.value: REISSUING.verdict(request.actor, act, found) for act in acts},
    }
    return render(request, "accounts/reissue.html", shown)


@never_cache
@GET_OR_POST
@signed_in
def prove(request: Request, code: str) -> HttpResponse:
    def say(data: dict[str, Any], actor: Any) -> Reissue:
        told = {"checks": data["checks"], "findings": data["findings"], "files": files_of(data)}
        return reissuing.prove(actor=actor, code=code, at=request.received_at, **told)

    return _decide(request, code, say, title=_("Prove the identity"), form=standing_forms.IdentityProof)


@never_cache
@GET_OR_POST
@signed_in
def confirm(request: Request, code: str) -> HttpResponse:
    return _decide(
        request,
        code,
        lambda data, actor: reissuing.confirm(actor=actor, code=code, at=request.received_at),
        title=_("Confirm the replacement"),
        lead=_("Look at the document and at what the first person found. The wait begins and the person is told."),
    )


@never_cache
@GET_OR_POST
@signed_in
def refuse(request: Request, code: str) -> HttpResponse:
    return _decide(
        request,
        code,
        lambda data, actor: reissuing.refuse(actor=actor, code=code, reason=data["reason"], at=request.received_at),
        title=_("Refuse the replacement"),
        lead=_("The person reads the reason in a mail, and can ask again."),
        form=standing_forms.Reason,
    )


def _decide(
    request: Request,
    code: str,
    act: Callable[..., Any],
    *,
    title: str,
    lead: str = "",
    form: type[Form] = forms.Nothing,
) -> HttpResponse:
    found, url = _found(request, code), reverse("accounts:desk-reissue", args=[code])
    return perform(
        request,
        page="web/act.html",
        form=form,
        act=act,
        done=lambda done: (url, _("It is done, and written in the log.")),
        binding=True,
        context={
            "title": title,
            "caption": f"{code} · {found.user.full_name}",
            "lead": lead,
            "submit_label": title,
            "cancel_url": url,
        },
    )


@require_safe
@signed_in
def paper(request: Request, code: str, document: str) -> HttpResponse:
    """A document of the case, for the desk alone."""
    found = _found(request, code)
    shown = found.documents.filter(code=document).first() or found.evidence.filter(code=document).first()
    return shown_to_reader(shown)
