"""Browsers that a person has signed in with: a cookie that nobody can forge, and a row that can be taken back.

The cookie proves nothing of who holds it and opens nothing. It only puts the browser's tries in a bucket of its own,
so that strangers who guess cannot close the door to its owner.
"""

import hashlib
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core import signing as signed
from django.http import HttpRequest, HttpResponse

from pliego.accounts import journal
from pliego.accounts.models import KnownDevice, User
from pliego.kernel import clock

SALT = "pliego.accounts.browser"
COOKIE_LIVES = 400 * 24 * 3600  # the longest that browsers keep one
NEW = "_new_browser"
GetResponse = Callable[[HttpRequest], HttpResponse]


def middleware(get_response: GetResponse) -> GetResponse:
    """Give the browser its cookie when this request made it known."""

    def known_browser(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if browser := getattr(request, NEW, ""):
            response.set_cookie(
                settings.PLIEGO_DEVICE_COOKIE,
                signed.Signer(salt=SALT).sign(browser),
                max_age=COOKIE_LIVES,
                secure=settings.SECURE_COOKIES,
                httponly=True,
                samesite="Lax",
            )
        return response

    return known_browser


def known(request: HttpRequest, email: str) -> KnownDevice | None:
    """This browser as one of that person's, or None. The same query whether or not the person exists."""
    browser = _browser_of(request)
    if not browser:
        return None
    mine = KnownDevice.objects.filter(browser_sha256=_digest(browser), revoked_at=None)
    return mine.filter(user__email=email).first()


def remember(request: HttpRequest, user: User) -> KnownDevice:
    """From now on this browser is known as the person's. One that lost its status gets a new cookie with it."""
    browser, now = _browser_of(request), clock.real_now()
    if not browser or KnownDevice.objects.filter(browser_sha256=_digest(browser), revoked_at__isnull=False).exists():
        browser = secrets.token_urlsafe(24)
        setattr(request, NEW, browser)
    door = journal.door_of(request)
    seen = {"name": door.device[:200], "network": door.network, "last_used_at": now}
    device, _is_new = KnownDevice.objects.update_or_create(
        user=user, browser_sha256=_digest(browser), defaults=seen, create_defaults={**seen, "created_at": now}
    )
    return device


def revoke(devices: "KnownDevice | list[KnownDevice]") -> int:
    """Take their status back: their next tries count as strangers'."""
    found = devices if isinstance(devices, list) else [devices]
    alive = KnownDevice.objects.filter(pk__in=[device.pk for device in found], revoked_at=None)
    return alive.update(revoked_at=clock.real_now())


def of(user: User) -> "list[KnownDevice]":
    return list(KnownDevice.objects.filter(user=user, revoked_at=None).order_by("-last_used_at"))


def _browser_of(request: HttpRequest) -> str:
    if fresh := getattr(request, NEW, ""):
        return str(fresh)
    try:
        return signed.Signer(salt=SALT).unsign(request.COOKIES.get(settings.PLIEGO_DEVICE_COOKIE, ""))
    except signed.BadSignature:
        return ""


def _digest(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()
