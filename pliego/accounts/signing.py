"""The signature of an act that binds: the person gives the second factor again, at most five minutes before.

Guarantees: five minutes are of the real clock, whatever a practice clock says; a one-time code signs once; the practice
signature exists only in practice installations and only in sessions that a practice link opened; every try is in the
door's journal.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pliego.accounts import factors, journal, rules
from pliego.accounts.models import AccessRecord, ApiToken, User
from pliego.kernel import clock
from pliego.kernel.actors import Signature
from pliego.kernel.objections import Objection, Refused, refuse_if_any

SESSION_KEY = "step_up"
OPENED_BY = "opened_by"
Kind = AccessRecord.Kind


def sign(request: HttpRequest, data: dict[str, Any]) -> Signature:
    """The person's signature for the act that this request does, or Refused with what is missing at its field."""
    if data.get("demo"):
        return _practice_signature(request)
    if data.get("password") or data.get("code"):
        return step_up(request, password=data.get("password") or "", code=data.get("code") or "")
    if fresh := fresh_signature(request):
        return fresh
    raise Refused(*_missing(data))


def is_fresh(request: HttpRequest) -> bool:
    """Whether a step-up of the last five minutes signs the next act without asking again."""
    return fresh_signature(request) is not None


def step_up(request: HttpRequest, *, password: str, code: str) -> Signature:
    """Check password and second factor again; what is proved signs for five minutes."""
    user = person_of(request)
    if user is None:
        raise Refused(Objection("not_signed_in", _("Sign in to sign this act.")))
    refuse_if_any(_missing({"password": password, "code": code}), _too_many_failures(user))
    door = journal.door_of(request)
    if not user.check_password(password):
        journal.record(user=user, kind=Kind.STEP_UP_FAILURE, door=door, method="password")
        raise Refused(Objection("password_wrong", _("That is not your password."), "password"))
    method = factors.check(user=user, code=code)
    if not method:
        journal.record(user=user, kind=Kind.STEP_UP_FAILURE, door=door, method="totp")
        raise Refused(factors.code_is_wrong())
    line = journal.record(user=user, kind=Kind.STEP_UP, door=door, method=method)
    return remember(request, "totp", {"factors": ["password", method], "journal": line.pk})


def remember(request: HttpRequest, method: str, evidence: dict[str, Any]) -> Signature:
    """Keep what was just proved, in the session or beside the token, and answer the signature it makes."""
    signature = Signature(method, clock.now(), evidence)
    kept = {"method": method, "signed_at": signature.signed_at.isoformat(), "evidence": evidence}
    if token := token_of(request):
        token.stepped_up_at, token.step_up_evidence = clock.real_now(), kept
        token.save(update_fields=["stepped_up_at", "step_up_evidence"])
    else:
        request.session[SESSION_KEY] = {**kept, "at": clock.real_now().isoformat()}
    return signature


def fresh_signature(request: HttpRequest) -> Signature | None:
    """The signature of the last five minutes, if there is one."""
    if token := token_of(request):
        kept, at = token.step_up_evidence, token.stepped_up_at
    else:
        kept = request.session.get(SESSION_KEY) or {}
        at = datetime.fromisoformat(kept["at"]) if kept else None
    if at is None or not timedelta() <= clock.real_now() - at < rules.STEP_UP_LIVES:
        return None
    return Signature(kept["method"], datetime.fromisoformat(kept["signed_at"]), kept["evidence"])


def is_practice_session(request: HttpRequest) -> bool:
    """A session that a practice link opened: it may sign without factors, and its signatures say so."""
    token = token_of(request)
    opened = token.is_practice if token else request.session.get(OPENED_BY) == "demo"
    return bool(settings.PLIEGO_PRACTICE and opened)


def person_of(request: HttpRequest) -> User | None:
    if token := token_of(request):
        return token.user
    return request.user if isinstance(request.user, User) else None


def token_of(request: HttpRequest) -> ApiToken | None:
    return getattr(request, "api_token", None)


def _practice_signature(request: HttpRequest) -> Signature:
    if not is_practice_session(request):
        sentence = _("The practice signature is only for sessions that a practice link opened. Sign with your factors.")
        raise Refused(Objection("not_a_practice_session", sentence, "demo"))
    return remember(request, "demo", {"practice": True})


def _missing(data: dict[str, Any]) -> list[Objection]:
    found = []
    if not data.get("password"):
        found.append(Objection("missing", _("Write your password to sign."), "password"))
    if not data.get("code"):
        found.append(Objection("missing", _("Write the code that your authenticator shows now."), "code"))
    return found


def _too_many_failures(user: User) -> Objection | None:
    since = clock.real_now() - rules.STEP_UP_WINDOW
    failures = AccessRecord.objects.filter(user=user, kind=Kind.STEP_UP_FAILURE, at__gt=since).count()
    if failures < rules.STEP_UP_FAILURES:
        return None
    return Objection("too_many_failures", _("Too many failed signatures. Wait 15 minutes and try again."), "code")
