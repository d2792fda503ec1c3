"""Proving a password or a code at the door, so that nobody can turn the door against its owner.

Guarantees (security: authentication): one password hash and the same statements whether or not the person exists; a
full bucket closes only the road of the password, and only to browsers that the person never used; passkeys and the
mailed link stay open; a known browser that fails ten times is known no longer.
"""

from base64 import b64encode
from secrets import token_bytes

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, get_hasher
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pliego.accounts import devices, factors, journal, tries
from pliego.accounts.models import AccessRecord, KnownDevice, User
from pliego.kernel import clock
from pliego.kernel.objections import Objection, Refused

Kind = AccessRecord.Kind


def prove_password(request: HttpRequest, *, email: str, password: str) -> User | None:
    """The person whose password this is, or None; Refused when this browser may not try again yet."""
    email, place = email.strip().lower(), journal.door_of(request)
    device = devices.known(request, email)
    taken = _take(email, device, place.network)
    user = User.objects.filter(email=email).first()
    is_right = user.check_password(password) if user else check_password(password, _nobody())
    if user is None or not is_right or not user.is_active:
        _failed(email, device, place)
        return None
    with transaction.atomic():
        for limit, whose in taken:
            tries.give_back(limit, whose)
    return user


def prove_code(request: HttpRequest, *, user: User, code: str, detail: str = "") -> str:
    """The kind of factor that this code proves, or "". Refused when this browser may not try again yet."""
    device = devices.known(request, user.email)
    limit, whose = (tries.CODE_OF_DEVICE, f"{device.pk}") if device else (tries.CODE_OF_STRANGERS, user.email)
    if not tries.take(limit, whose):
        _offer_link(user.email, device)
        raise Refused(door_is_closed("code"))
    method = factors.check(user=user, code=code)
    if method:
        tries.give_back(limit, whose)
    else:
        journal.record(user=user, kind=Kind.FAILURE, door=journal.door_of(request), method="totp", detail=detail)
        _forget_if_over(device, limit, whose)
    return method


def door_is_closed(field: str = "") -> Objection:
    sentence = _(
        "Too many tries at this account from browsers that it does not know. Use your passkey, a browser in which you"
        " have signed in before, or the link that we mail to its owner; or wait 15 minutes."
    )
    return Objection("door_closed", sentence, field)


def _take(email: str, device: KnownDevice | None, network: str) -> list[tuple[tries.Limit, str]]:
    """Take a try from each bucket that counts it, or none at all."""
    taken = [(tries.PASSWORD_OF_DEVICE, f"{device.pk}")] if device else []
    if not device:  # a browser that the person knows has its own bucket, whatever its neighbours do
        taken = [(tries.PASSWORD_OF_NETWORK, network), (tries.PASSWORD_OF_STRANGERS, email)]
    with transaction.atomic():
        is_open = all(tries.take(limit, whose) for limit, whose in taken)
        if not is_open:
            transaction.set_rollback(True)
    if not is_open:
        _offer_link(email, device)
        raise Refused(door_is_closed())
    return taken


def _failed(email: str, device: KnownDevice | None, place: journal.Door) -> None:
    """Write the failure in the journal of whoever has this e-mail: the same statement when nobody has it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accounts_accessrecord (user_id, kind, at, method, network, place, device, detail)"
                " SELECT id, %s, %s, 'password', %s, %s, %s, '' FROM accounts_user WHERE email = %s",
                [Kind.FAILURE, clock.real_now(), place.network, place.place, place.device[:200], email],
            )
        if device:
            _forget_if_over(device, tries.PASSWORD_OF_DEVICE, f"{device.pk}")


def _forget_if_over(device: KnownDevice | None, limit: tries.Limit, whose: str) -> None:
    if device and tries.are_over(limit, whose):
        devices.revoke(device)


def _offer_link(email: str, device: KnownDevice | None) -> None:
    """Mail a link to the owner, at most one an hour; whether there is an owner is looked up by the worker."""
    from pliego.accounts.tasks import mail_device_link

    if device is None and tries.take(tries.LINK_FOR_DEVICE, email):
        mail_device_link.defer(email=email)


def _nobody() -> str:
    """A hash that no password has, as costly to check as anybody's, for the tries at accounts that do not exist."""
    hasher = get_hasher()
    assert isinstance(hasher, Argon2PasswordHasher)
    salt, digest = (b64encode(part).decode().rstrip("=") for part in (hasher.salt().encode(), token_bytes(32)))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"argon2$argon2id$v=19${cost}${salt}${digest}"
