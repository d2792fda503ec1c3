"""A session ends by itself after half an hour without a request, and after twelve hours however busy.

Always of the real clock. Its key changes at sign-in, at each signature and at each change of password, so that a key
that somebody saw before is worth nothing after.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.auth_backends import AuthenticationBackend
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pliego.accounts import journal
from pliego.accounts.models import AccessRecord, User
from pliego.kernel import clock
from pliego.kernel.planned import Planned

BEGAN, SEEN = "began", "seen"
NOTED_EVERY = timedelta(minutes=1)
NOT_A_SIGN_OF_LIFE = frozenset({"/hora"})  # asked by the page's clock, not by the person
GetResponse = Callable[[HttpRequest], HttpResponse]

# Asked at every request: whose browser it is, and who that person is.
KEPT = Planned(" ", lambda key: Session.objects.filter(session_key=key))
PEOPLE = Planned(-1, lambda user_id: User.objects.filter(pk=user_id))


class SessionStore(db.SessionStore):
    """Django's own, in the database; it is read by a statement that is planned once."""

    def _get_session_from_db(self) -> Session | None:
        found = next((kept for kept in KEPT(self.session_key) if kept.expire_date > clock.real_now()), None)
        if found is None:
            self._session_key = None
        return found


class Backend(AuthenticationBackend):
    """allauth's own; the person is read by a statement that is planned once."""

    def get_user(self, user_id: int) -> User | None:
        return next((user for user in PEOPLE(user_id) if self.user_can_authenticate(user)), None)


def middleware(get_response: GetResponse) -> GetResponse:
    """End the session whose time is over before anything is done in it; note that the others are alive."""

    def bounded_session(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
            if reason := why_over(request):
                _end(request, request.user, reason)
            else:
                _note(request)
        return get_response(request)

    return bounded_session


def why_over(request: HttpRequest) -> str:
    """ "idle" or "absolute" when the session's time is over, else ""."""
    now = clock.real_now()
    if now - _kept(request, BEGAN, now) >= timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return "absolute"
    return "idle" if now - _kept(request, SEEN, now) >= timedelta(seconds=settings.PLIEGO_IDLE_SECONDS) else ""


def rotate(request: HttpRequest) -> None:
    """Give the session another key; what it holds stays."""
    old = request.session.session_key
    request.session.cycle_key()
    _follow(request, old)


def keep_after_password(request: HttpRequest, user: User) -> None:
    """The password changed: this session goes on with another key, every other one is void."""
    old = request.session.session_key
    update_session_auth_hash(request, user)
    _follow(request, old)


def _follow(request: HttpRequest, old: str | None) -> None:
    if old and request.session.session_key:
        UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def _kept(request: HttpRequest, name: str, default: datetime) -> datetime:
    text = request.session.get(name)
    return datetime.fromisoformat(text) if text else default


def _note(request: HttpRequest) -> None:
    now, is_new = clock.real_now(), BEGAN not in request.session
    if is_new:
        request.session[BEGAN] = now.isoformat()
    if is_new or (now - _kept(request, SEEN, now) >= NOTED_EVERY and request.path not in NOT_A_SIGN_OF_LIFE):
        request.session[SEEN] = now.isoformat()
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)


def _end(request: HttpRequest, user: User, reason: str) -> None:
    journal.record(user=user, kind=AccessRecord.Kind.SIGN_OUT, door=journal.door_of(request), method=reason)
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    messages.info(request, _("Your session ended. Sign in again: the drafts of your forms are saved."))
