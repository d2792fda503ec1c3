"""Asking an OpenID Connect provider who somebody is, when the installation has one (`PLIEGO_OIDC_*`); off by default.

Guarantees: code flow with PKCE (S256), state and nonce of this browser's session, each good once and for ten minutes;
the provider's own issuer, audience and published asymmetric algorithms and keys, and no others; the required `acr` and
a fresh `auth_time`; nothing is read from a token whose signature was not checked. What comes out is issuer and subject:
an e-mail that the provider tells is never read. It proves the first half of a sign-in, like a password, and no more.
"""

import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from pliego.kernel import clock
from pliego.kernel.objections import Objection, Refused, Unknown

SESSION_KEY = "oidc"
LIVES = timedelta(minutes=10)  # from leaving for the provider to coming back
LEEWAY = timedelta(seconds=60)  # that the provider's clock may be off
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"})
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]
MOST_BYTES = 256 * 1024
TIMEOUT_SECONDS = 5
KEPT = timedelta(minutes=10)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_kept: dict[str, tuple[datetime, dict[str, Any]]] = {}


@dataclass(frozen=True)
class Identity:
    """Whom the provider says that it is."""

    issuer: str
    subject: str


@dataclass(frozen=True)
class Return:
    """Somebody came back from the provider: who they are there, for what they left, and where they were going."""

    identity: Identity
    purpose: str
    going: str


def is_on() -> bool:
    return bool(settings.PLIEGO_OIDC_ISSUER)


def require_on() -> None:
    if not is_on():
        raise Unknown()


def leave(request: HttpRequest, *, purpose: str, going: str = "") -> str:
    """The provider's address to which the browser goes; what must come back with it is kept in the session."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _i in range(3))
    request.session[SESSION_KEY] = {
        "state": state,
        "nonce": nonce,
        "verifier": verifier,
        "purpose": purpose,
        "going": going,
        "at": clock.real_now().isoformat(),
    }
    asked = {
        "response_type": "code",
        "client_id": settings.PLIEGO_OIDC_CLIENT_ID,
        "redirect_uri": redirect_uri(),
        "scope": "openid",
        "state": state,
        "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("="),
        "code_challenge_method": "S256",
        "max_age": str(settings.PLIEGO_OIDC_MAX_AGE),
    }
    if settings.PLIEGO_OIDC_ACR:
        asked["acr_values"] = " ".join(settings.PLIEGO_OIDC_ACR)
    address = _endpoint(discovery(), "authorization_endpoint")
    return f"{address}{'&' if '?' in address else '?'}{urllib.parse.urlencode(asked)}"


def come_back(request: HttpRequest) -> Return:
    """Who came back, or Refused with what to do. What was kept is spent, whatever comes of it."""
    kept, told = request.session.pop(SESSION_KEY, None), request.GET
    if not kept or clock.real_now() - datetime.fromisoformat(kept["at"]) >= LIVES:
        raise Refused(_start_again())
    if not secrets.compare_digest(kept["state"].encode(), told.get("state", "").encode()):
        raise Refused(_start_again())
    published = discovery()
    says_issuer = published.get("authorization_response_iss_parameter_supported") is True
    if (says_issuer or "iss" in told) and told.get("iss") != settings.PLIEGO_OIDC_ISSUER:
        raise Refused(_not_proved("issuer"))
    if "error" in told or not told.get("code"):
        raise Refused(Objection("oidc_refused", _("%(name)s did not confirm who you are. Try again.") % _name()))
    claims = verified(_exchange(published, told["code"], kept["verifier"]), nonce=kept["nonce"])
    return Return(Identity(claims["iss"], claims["sub"]), kept["purpose"], kept["going"])


def verified(token: str, *, nonce: str) -> dict[str, Any]:
    """The claims of an identity token that is the provider's, for us, for this sign-in, now, and strong enough."""
    try:
        header = jwt.get_unverified_header(token)
        algorithm = str(header.get("alg", ""))
        if algorithm not in ALGORITHMS.intersection(discovery().get("id_token_signing_alg_values_supported", [])):
            raise Refused(_not_proved("algorithm"))
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key_called(str(header.get("kid", "")), algorithm),
            algorithms=[algorithm],
            audience=settings.PLIEGO_OIDC_CLIENT_ID,
            issuer=settings.PLIEGO_OIDC_ISSUER,
            options={"require": REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        if fault := _what_is_wrong(claims, nonce):
            raise Refused(fault)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as error:
        raise Refused(_not_proved("token")) from error
    return claims


def redirect_uri() -> str:
    """Ours, the same in every language: the one that the provider has registered."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.PLIEGO_SITE_URL + reverse("accounts:oidc-return")


def discovery() -> dict[str, Any]:
    """What the provider publishes of itself; Refused when it is away or says that it is somebody else."""
    published = _read(settings.PLIEGO_OIDC_ISSUER.rstrip("/") + "/.well-known/openid-configuration")
    if published.get("issuer") != settings.PLIEGO_OIDC_ISSUER:
        raise Refused(_not_proved("issuer"))
    return published


def _what_is_wrong(claims: dict[str, Any], nonce: str) -> Objection | None:
    """The provider's clock is compared with ours, of real time, whatever a practice clock says."""
    now, leeway = clock.real_now().timestamp(), LEEWAY.total_seconds()
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    wrong = {
        "nonce": not secrets.compare_digest(str(claims["nonce"]).encode(), nonce.encode()),
        "subject": not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255,
        "party": (several or "azp" in claims) and claims.get("azp") != settings.PLIEGO_OIDC_CLIENT_ID,
        "expired": float(claims["exp"]) <= now - leeway,
        "issued": not now - LIVES.total_seconds() - leeway <= float(claims["iat"]) <= now + leeway,
        "not_yet": float(claims.get("nbf", now)) > now + leeway,
    }
    if found := next((name for name, is_wrong in wrong.items() if is_wrong), ""):
        return _not_proved(found)
    if settings.PLIEGO_OIDC_ACR and claims.get("acr") not in settings.PLIEGO_OIDC_ACR:
        sentence = _("%(name)s let you in with less than this site asks for. Sign in there with your second factor.")
        return Objection("oidc_acr", sentence % _name())
    if not now - settings.PLIEGO_OIDC_MAX_AGE - leeway <= float(claims.get("auth_time", 0)) <= now + leeway:
        return Objection("oidc_auth_time", _("Sign in at %(name)s again: it was too long ago.") % _name())
    return None


def _exchange(published: dict[str, Any], code: str, verifier: str) -> str:
    """The identity token for the code that the browser brought, asked for server to server."""
    client, secret = settings.PLIEGO_OIDC_CLIENT_ID, settings.PLIEGO_OIDC_CLIENT_SECRET
    told = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(),
        "code_verifier": verifier,
    }
    headers = {}
    if "client_secret_basic" in published.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        pair = f"{urllib.parse.quote(client, safe='')}:{urllib.parse.quote(secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        told |= {"client_id": client, "client_secret": secret}
    answer = _fetch(_endpoint(published, "token_endpoint"), body=told, headers=headers)
    if not isinstance(token := answer.get("id_token"), str):
        raise Refused(_not_proved("token"))
    return token


def _key_called(kid: str, algorithm: str) -> Any:
    """The published key with that name, of the kind that the algorithm needs; one new look when it is not known."""
    address = _endpoint(discovery(), "jwks_uri")
    for fresh in (False, True):
        for described in _read(address, fresh=fresh).get("keys", []):
            is_it = described.get("kid", "") == kid and described.get("use", "sig") == "sig"
            if is_it and described.get("alg", algorithm) == algorithm:
                return jwt.PyJWK(described, algorithm=algorithm).key
    raise Refused(_not_proved("key"))


def _endpoint(published: dict[str, Any], name: str) -> str:
    address = str(published.get(name, ""))
    if not is_safe(address):
        raise Refused(_not_proved("address"))
    return address


def is_safe(address: str) -> bool:
    """https, or this very machine in a practice installation."""
    parts = urllib.parse.urlsplit(address)
    return parts.scheme == "https" or (
        settings.PLIEGO_PRACTICE and parts.scheme == "http" and parts.hostname in LOOPBACK
    )


def _read(address: str, *, fresh: bool = False) -> dict[str, Any]:
    """What is published at the address, asked for at most once in ten minutes, or when it must be fresh."""
    now = clock.real_now()
    found = _kept.get(address)
    if found and not fresh and timedelta() <= now - found[0] < KEPT:
        return found[1]
    _kept[address] = now, _fetch(address)
    return _kept[address][1]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler())


def _fetch(
    address: str, *, body: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    if not is_safe(address):
        raise Refused(_not_proved("address"))
    data = urllib.parse.urlencode(body).encode() if body else None
    asked = urllib.request.Request(address, data, {"Accept": "application/json", **(headers or {})})  # noqa: S310 - is_safe
    try:
        with _OPENER.open(asked, timeout=TIMEOUT_SECONDS) as answer:
            said = json.loads(answer.read(MOST_BYTES))
    except (OSError, ValueError) as error:  # URLError is an OSError
        sentence = _("%(name)s does not answer. Sign in with your passkey or your password, or try again later.")
        raise Refused(Objection("oidc_away", sentence % _name())) from error
    if not isinstance(said, dict):
        raise Refused(_not_proved("answer"))
    return said


def _name() -> dict[str, str]:
    return {"name": settings.PLIEGO_OIDC_NAME}


def _start_again() -> Objection:
    return Objection("oidc_state", _("This sign-in was begun in another browser, or long ago. Begin it again."))


def _not_proved(what: str) -> Objection:
    """What exactly was wrong is in the code, for the operator; to the person it is one thing."""
    sentence = _("What %(name)s answered does not prove who you are. Try again; if it goes on, tell the service desk.")
    return Objection(f"oidc_{what}", sentence % _name())
