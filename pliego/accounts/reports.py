""" "It was not me": the person closes what a stranger may have opened, and the service desk gets the case.

Said in one's own history: the other sessions end, browsers lose their status, recovery by mail is frozen for a day, and
the next page asks for a new password. Either way a replacement of
lost factors that was under way stops. Said from a mail, where only the mailbox was proved: recovery is frozen and the
links that were mailed are void. Passkeys and the service desk stay open.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from pliego.accounts import devices, holds, journal, links, reissuing, services
from pliego.accounts.events import ItWasNotMe, ReportAnswered
from pliego.accounts.models import AccessRecord, DoorReport, User
from pliego.accounts.places import in_words
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, Objection, Refused, Unknown
from pliego.ledger import outbox

Source = DoorReport.Source
LINES_KEPT = 20
DESK = {"desk", "operator"}


@transaction.atomic
def say_of_line(*, request: HttpRequest, user: User, line_code: str, actor: Actor, at: datetime) -> DoorReport:
    """A line of one's history was somebody else."""
    line = AccessRecord.objects.filter(user=user, code=line_code).first()
    if line is None:
        raise Unknown()
    devices.revoke(devices.of(user))
    services.end_other_sessions(user=user, keep=request.session.session_key or "")
    if user.has_usable_password():
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])
    devices.remember(request, user)
    return _open(request, user, line=line, actor=actor, at=at)


@transaction.atomic
def say_of_mail(*, request: HttpRequest, secret: str, at: datetime) -> DoorReport:
    """A mail told the person of something that they did not ask for."""
    user = links.use(secret, links.Purpose.NOT_ME)
    return _open(request, user, line=None, actor=services.as_actor(user), at=at)


@transaction.atomic
def answer(*, code: str, text: str, actor: Actor, at: datetime) -> DoorReport:
    """The service desk closes the case with what it found and did; its person is told."""
    require_desk(actor)
    report = DoorReport.objects.select_for_update(of=("self",)).select_related("user").filter(code=code).first()
    if report is None:
        raise Unknown()
    if report.closed_at is not None:
        raise Refused(Objection("already_closed", _("Somebody of the desk has answered this case already.")))
    report.closed_at, report.closed_by_id, report.answer = at, actor.user_id, text
    report.save(update_fields=["closed_at", "closed_by", "answer"])
    event = ReportAnswered(file=report.user.file, subject_id=report.pk, data={"case": report.code, "reason": text})
    outbox.publish(event, actor=actor, at=at)
    return report


def require_desk(actor: Actor) -> None:
    if not DESK & actor.platform_roles:
        raise Denied(_("Only people of the service desk see these cases."))


def _open(request: HttpRequest, user: User, *, line: AccessRecord | None, actor: Actor, at: datetime) -> DoorReport:
    source = Source.HISTORY if line else Source.MAIL
    holds.place(user, holds.Kind.RECOVERY_FROZEN, f"not_me_{source}")
    links.void(user, links.Purpose.RECOVERY)
    links.void(user, links.Purpose.DEVICE)
    reissuing.stop_all(user=user, actor=actor, at=at, why=reissuing.NOT_ME)
    around = AccessRecord.objects.filter(user=user)[:LINES_KEPT]
    report = DoorReport.objects.create(
        user=user, source=source, line=line, opened_at=at, seen=[_as_seen(each) for each in around]
    )
    journal.record(
        user=user, kind=AccessRecord.Kind.NOT_ME, door=journal.door_of(request), method=source, detail=report.code
    )
    event = ItWasNotMe(file=user.file, subject_id=user.pk, data={"case": report.code, "source": str(source)})
    user.receipt = outbox.publish(event, actor=actor, at=at)
    return report


def as_read(report: DoorReport) -> list[dict[str, Any]]:
    """The lines kept with the case, as a page shows them."""
    words = dict(AccessRecord.Kind.choices)
    return [
        {
            **line,
            "at": datetime.fromisoformat(line["at"]),
            "what": words[line["kind"]],
            "place": in_words(line["place"]),
        }
        for line in report.seen
    ]


def _as_seen(line: AccessRecord) -> dict[str, Any]:
    return {
        "at": line.at.isoformat(),
        "kind": line.kind,
        "method": line.method,
        "network": line.network,
        "place": line.place,
        "device": line.device,
    }
