"""The access history as its owner reads it, on the page, in the exports and over the API: the same columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession

from pliego.accounts import journal, places
from pliego.accounts.models import AccessRecord, RecoveryRequest, User
from pliego.kernel import clock

Kind = AccessRecord.Kind
COLUMNS = ("at", "what", "result", "how", "network", "place", "device", "detail", "code")
UNREPORTABLE = frozenset({Kind.NOT_ME, Kind.SIGN_OUT})  # nothing to report in them
RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Session:
    device: str
    network: str
    place: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def row_of(line: AccessRecord) -> dict[str, str]:
    return {
        "at": line.at.isoformat(),
        "what": str(line.get_kind_display()),
        "result": "failure" if line.is_failure else "success",
        "how": line.how,
        "network": line.network,
        "place": line.where,
        "device": line.device,
        "detail": line.detail,
        "code": str(line.code),
    }


def rows_of(user: User) -> Iterator[dict[str, str]]:
    return map(row_of, AccessRecord.objects.filter(user=user).iterator(chunk_size=500))


def sessions_of(user: User, this: str | None) -> list[Session]:
    """The sessions that are open, the last used first."""
    found = UserSession.objects.purge_and_list(user)
    return [
        Session(
            device=journal.device_of(session.user_agent),
            network=journal.network_of(session.ip),
            place=places.in_words(places.place_of(session.ip)),
            began_at=session.created_at,
            seen_at=session.last_seen_at,
            is_this=session.session_key == this,
        )
        for session in sorted(found, key=lambda session: session.last_seen_at, reverse=True)
    ]


def recent_recovery(user: User) -> RecoveryRequest | None:
    """The last request to recover the password, when it is of these days."""
    mine = RecoveryRequest.objects.filter(user=user, at__gt=clock.real_now() - RECENT)
    return mine.order_by("-at").first()
