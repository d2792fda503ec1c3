"""Following a process: the page of a person, the one of a visitor, the links of their mails, and what one follows."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from pliego.accounts.journal import door_of
from pliego.following import forms, services
from pliego.following.models import Follow
from pliego.tendering.models import Tender
from pliego.web.acts import See303, get_visible, perform, signed_in
from pliego.web.http import Request
from pliego.web.pagination import paginate

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@signed_in
def follows(request: Request) -> HttpResponse:
    """What one follows, the newest first."""
    rows = Follow.objects.visible_to(request.actor).select_related("tender__buyer__organization").order_by("-pk")
    return render(request, "following/list.html", {"pager": paginate(request, rows)})


def _tender(code: str) -> Tender:
    return get_visible(Tender.objects.public().select_related("buyer__organization"), code=code)


@never_cache
@GET_OR_POST
def follow(request: Request, code: str) -> HttpResponse:
    """Begin to follow, or choose another way to hear of it."""
    tender = _tender(code)
    return _of_person(request, tender) if request.actor.signed_in else _of_visitor(request, tender)


def _of_person(request: Request, tender: Tender) -> HttpResponse:
    now = Follow.objects.visible_to(request.actor).filter(tender=tender).first()
    return perform(
        request,
        page="following/follow.html",
        form=forms.FollowForm,
        initial={"delivery": now.delivery if now else "at_once"},
        act=lambda data, actor: services.follow(
            actor=actor, tender_id=tender.pk, delivery=data["delivery"], at=request.received_at
        ),
        done=lambda made: (reverse("following:list"), _("You follow “%(title)s”.") % {"title": tender.title}),
        context={
            "tender": tender,
            "is_following": now is not None,
            "submit_label": _("Save") if now else _("Follow this process"),
            "cancel_url": f"/procesos/{tender.code}/",
        },
    )


def _of_visitor(request: Request, tender: Tender) -> HttpResponse:
    """The answer is the same whatever is known of the address."""
    return perform(
        request,
        page="following/follow.html",
        form=forms.AddressForm,
        initial={"delivery": "at_once"},
        act=lambda data, actor: services.ask_to_follow(
            tender_id=tender.pk, language=get_language() or "es-co", network=door_of(request).network, **data
        ),
        done=lambda nothing: (
            f"/procesos/{tender.code}/",
            _("If that address can receive mail, it has a link now. You follow once you open it and confirm."),
        ),
        context={
            "tender": tender,
            "submit_label": _("Send me the link"),
            "cancel_url": f"/procesos/{tender.code}/",
        },
    )


@require_POST
@signed_in
def unfollow(request: Request, code: str) -> HttpResponse:
    services.unfollow(actor=request.actor, tender_id=_tender(code).pk)
    return See303(reverse("following:list"))


@never_cache
@GET_OR_POST
def link(request: Request, secret: str) -> HttpResponse:
    """Where the link of a mail leads. Looking at it does nothing: programs of mail open links by themselves."""
    found = services.of_secret(secret)
    return perform(
        request,
        page="following/link.html",
        form=forms.NothingForm,
        act=lambda data, actor: services.confirm(secret=secret, at=request.received_at),
        done=lambda made: (
            reverse("following:link", args=[secret]),
            _("You follow “%(title)s”.") % {"title": found.tender.title},
        ),
        context={"follow": found, "tender": found.tender, "submit_label": _("Follow this process")},
    )


@csrf_exempt  # RFC 8058: a program of mail sends it, with nothing but the secret of the address
@never_cache
@GET_OR_POST
def stop(request: Request, secret: str, daily: bool = False) -> HttpResponse:
    """Stop the mails. It answers the same whether or not there was anything to stop."""
    is_done = request.method == "POST"
    if is_done:
        services.stop_mails(secret=secret, daily=daily)
    return render(request, "following/stop.html", {"is_done": is_done, "is_daily": daily})
