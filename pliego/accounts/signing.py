"""The signature of an act that binds: a passkey over the act itself, or the second factor given again.

Guarantees: a passkey signs one act, the one that its person was shown; password and code sign for five minutes of the
real clock, whatever a practice clock says; a one-time code signs once; for 24 hours after a sensitive change only a
factor older than it signs alone; the practice signature exists only in practice installations and only in sessions that
a practice link opened; every try is in the door's journal.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.accounts import factors, holds, intending, journal, reissuing, rules, sessions
from pliego.accounts.models import AccessRecord, ApiToken, Intention, User
from pliego.kernel import clock
from pliego.kernel.actors import Signature
from pliego.kernel.objections import Objection, Refused, refuse_if_any

SESSION_KEY = "step_up"
OPENED_BY = "opened_by"
SIGNS_FOR_MINUTES = {"totp", "demo"}
Kind = AccessRecord.Kind


def sign(request: HttpRequest, data: dict[str, Any]) -> Signature:
    """The person's signature for the act that this request does, or Refused with what is missing at its field."""
    if data.get("demo"):
        return _practice_signature(request)
    if data.get("assertion"):
        return by_passkey(request, code=data.get("intention") or "", credential=data["assertion"])
    if data.get("password") or data.get("code"):
        shown = data.get("intention") or ""
        return step_up(request, password=data.get("password") or "", code=data.get("code") or "", shown=shown)
    if fresh := fresh_signature(request):
        return fresh
    raise Refused(*_missing(data))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved in the last five minutes that it is them: enough to change their own factors."""
    return _kept(request) is not None


def signs_alone(request: HttpRequest) -> bool:
    """Whether the next act is signed without asking again. A passkey never: each act has an answer of its own."""
    return fresh_signature(request) is not None


def has_passkey(request: HttpRequest) -> bool:
    user = person_of(request)
    return user is not None and Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def prepare(request: HttpRequest, run: intending.Run, *, for_two: bool = False) -> intending.Shown:
    """What the person would sign on this page, rehearsed; with `for_two`, to be signed by a second person first."""
    return intending.prepare(request, place=place_of(request), run=run, for_two=for_two)


def is_held(request: HttpRequest) -> bool:
    """Whether a change of the last hours makes a newer factor need a second person."""
    user = person_of(request)
    return user is not None and holds.began_at(user) is not None


def asked_for_two(shown: intending.Shown) -> str:
    """Where the person sees what waits for the second signature."""
    return reverse("accounts:cosign", args=[shown.intention.code])


def place_of(request: HttpRequest) -> str:
    """Where an act is done: what is signed at one place signs nothing at another."""
    return request.path if not request.path.startswith("/api/") else f"{request.method} {request.path}"


def by_passkey(request: HttpRequest, *, code: str, credential: dict[str, Any]) -> Signature:
    """The signature that a passkey made over the intention that was shown."""
    user = person_of(request)
    if user is None:
        raise Refused(Objection("not_signed_in", _("Sign in to sign this act.")))
    intention, door = intending.taken(request, code, place_of(request)), journal.door_of(request)
    evidence = intending.evidence_of(intention)
    try:
        factor, assertion = intending.answered(user=user, text=evidence["intention"], credential=credential)
    except Refused:
        journal.record(user=user, kind=Kind.STEP_UP_FAILURE, door=door, method="webauthn")
        raise
    refuse_if_any(_is_held(user, factor.created_at, intention))
    factor.record_usage()
    reissuing.factor_was_used(user)
    journal.record(user=user, kind=Kind.STEP_UP, door=door, method="webauthn")
    return Signature("passkey", clock.now(), {**evidence, "assertion": assertion})


def step_up(request: HttpRequest, *, password: str, code: str, shown: str = "") -> Signature:
    """Check password and second factor again; what is proved signs for five minutes.

    With `shown`, the intention that the person had before their eyes, the signature is of that act alone.
    """
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
    reissuing.factor_was_used(user)
    line = journal.record(user=user, kind=Kind.STEP_UP, door=door, method=method)
    evidence = {"factors": ["password", method], "journal": line.pk}
    proved_by = factors.made_at(user, method)
    intention = intending.taken(request, shown, place_of(request)) if shown else None
    refuse_if_any(_is_held(user, proved_by, intention))
    signature = remember(request, "totp", evidence, proved_by=proved_by)
    if intention is None:
        return signature
    return Signature("totp", signature.signed_at, {**evidence, **intending.evidence_of(intention)})


def remember(
    request: HttpRequest, method: str, evidence: dict[str, Any], *, proved_by: datetime | None = None
) -> Signature:
    """Keep what was just proved, in the session or beside the token, and answer the signature it makes.

    `proved_by` is when the factor was made: during a hold, only what an older factor proved signs.
    """
    signature = Signature(method, clock.now(), evidence)
    kept = {"method": method, "signed_at": signature.signed_at.isoformat(), "evidence": evidence}
    kept["proved_by"] = proved_by.isoformat() if proved_by else ""
    if token := token_of(request):
        token.stepped_up_at, token.step_up_evidence = clock.real_now(), kept
        token.save(update_fields=["stepped_up_at", "step_up_evidence"])
    else:
        request.session[SESSION_KEY] = {**kept, "at": clock.real_now().isoformat()}
        sessions.rotate(request)
    return signature


def fresh_signature(request: HttpRequest) -> Signature | None:
    """The signature that password and code, or a practice link, made in the last five minutes, if there is one."""
    kept, user = _kept(request), person_of(request)
    if kept is None or user is None or kept["method"] not in SIGNS_FOR_MINUTES:
        return None
    since = holds.began_at(user)
    if since and not (kept.get("proved_by") and datetime.fromisoformat(kept["proved_by"]) < since):
        return None
    return Signature(kept["method"], datetime.fromisoformat(kept["signed_at"]), kept["evidence"])


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    """What was proved in the last five minutes, with which method."""
    kept: dict[str, Any]
    if token := token_of(request):
        kept, at = token.step_up_evidence, token.stepped_up_at
    else:
        kept = request.session.get(SESSION_KEY) or {}
        at = datetime.fromisoformat(kept["at"]) if kept else None
    if at is None or not timedelta() <= clock.real_now() - at < rules.STEP_UP_LIVES:
        return None
    return kept


def _is_held(user: User, factor_made_at: datetime | None, intention: Intention | None) -> Objection | None:
    """During a hold a newer factor does not sign alone: an older one, or a second person (security.md section 4)."""
    if factor_made_at is not None and holds.is_old_enough(user, factor_made_at):
        return None
    if holds.began_at(user) is None or (intention is not None and intention.second_id):
        return None
    sentence = _(
        "Your password, e-mail or factors changed in the last 24 hours. Sign with a factor that you had before, ask"
        " somebody of your account to sign with you, or wait."
    )
    return Objection("held", sentence, "code")


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
