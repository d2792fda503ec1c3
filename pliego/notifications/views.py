"""The inbox, and on practice installations the mail that was caught."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from pliego.kernel.objections import Unknown
from pliego.notifications import catcher, queries, services
from pliego.notifications.models import Notice
from pliego.web.acts import See303, get_visible, signed_in
from pliego.web.http import Request
from pliego.web.pagination import ROWS, Pager, paginate


@require_GET
@never_cache
@signed_in
def inbox(request: Request) -> HttpResponse:
    only_unread = request.GET.get("ver") == "sin-leer"
    pager = paginate(request, queries.inbox(request.actor, only_unread=only_unread))
    return render(request, "notifications/inbox.html", {"pager": pager, "only_unread": only_unread})


@require_GET
@never_cache
@signed_in
def notice(request: Request, code: str) -> HttpResponse:
    found = get_visible(Notice.objects.visible_to(request.actor), code=code)
    read = services.read_notice(actor=request.actor, notice_id=found.pk, at=request.received_at)
    crumbs = [(reverse("notifications:inbox"), _("Notices")), ("", read.title)]
    return render(request, "notifications/notice.html", {"notice": read, "crumbs": crumbs})


@require_POST
@signed_in
def read_all(request: Request) -> HttpResponse:
    services.read_all(actor=request.actor, at=request.received_at)
    return See303(reverse("notifications:inbox"))


# ---- practice installations only -----------------------------------------------------------------------------------


def only_practice() -> None:
    if not settings.PLIEGO_PRACTICE:
        raise Unknown()


@require_GET
@never_cache
def caught(request: Request) -> HttpResponse:
    only_practice()
    to = request.GET.get("para", "").strip()
    page = Paginator(list(catcher.caught(to)), ROWS).get_page(request.GET.get("page"))
    pager = Pager(page, (("para", to),) if to else ())
    return render(request, "notifications/caught.html", {"pager": pager, "to": to})


@require_GET
@never_cache
def caught_mail(request: Request, name: str) -> HttpResponse:
    only_practice()
    found = catcher.one(name)
    if found is None:
        raise Unknown()
    crumbs = [(reverse("notifications:caught"), _("Caught mail")), ("", found.subject)]
    return render(request, "notifications/caught_mail.html", {"mail": found, "crumbs": crumbs})
