"""A year without operations (terms of use, number 6, ground c): warnings at 9 and 11 months, and then people decide.

Guarantees: nobody is suspended by this job, it only warns the person and tells the desk; whoever holds an open process
or a live contract is not counted; each stretch of inactivity warns once at each month.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from pliego.accounts import ties
from pliego.accounts.models import AccessRecord, InactivityWarning, User
from pliego.accounts.standing_events import InactivityWarned
from pliego.kernel.actors import SYSTEM
from pliego.ledger import outbox
from pliego.ledger.models import Entry

MONTHS = (9, 11, 12)
OPERATIONS = (AccessRecord.Kind.SIGN_IN, AccessRecord.Kind.STEP_UP)


def months_from(at: datetime, months: int) -> datetime:
    """The same day and hour some months away; the last day of a month that is shorter."""
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


def warn_all(at: datetime) -> int:
    """Warn everybody whose month has come; answers how many were warned."""
    return sum(_warn(user, at) for user in quiet_since(months_from(at, -MONTHS[0])).iterator())


def quiet_since(since: datetime) -> "QuerySet[User]":
    """People registered before then who have neither signed in nor done anything since."""
    entered = AccessRecord.objects.filter(user=OuterRef("pk"), at__gt=since, kind__in=OPERATIONS)
    acted = Entry.objects.filter(actor_user_id=OuterRef("pk"), at__gt=since)
    living = User.objects.filter(is_active=True, closed_at=None, suspension=None, created_at__lte=since)
    return living.exclude(Exists(entered)).exclude(Exists(acted)).order_by("pk")


def last_operation(user: User) -> datetime:
    entered = AccessRecord.objects.filter(user=user, kind__in=OPERATIONS).values_list("at", flat=True).first()
    acted = Entry.objects.filter(actor_user_id=user.pk).order_by("-at").values_list("at", flat=True).first()
    return max(moment for moment in (user.created_at, entered, acted) if moment is not None)


def a_year_quiet(at: datetime) -> Iterator[User]:
    """Whom the desk may propose to suspend for inactivity: a year, and nothing of theirs is open."""
    for user in quiet_since(months_from(at, -MONTHS[-1])):
        if not ties.of(ties.LIVE, user.pk, at):
            yield user


@transaction.atomic
def _warn(user: User, at: datetime) -> bool:
    since = last_operation(user)
    due = [months for months in MONTHS if months_from(since, months) <= at]
    if not due or ties.of(ties.LIVE, user.pk, at):
        return False
    _row, is_new = InactivityWarning.objects.get_or_create(
        user=user, months=due[-1], since=since, defaults={"sent_at": at}
    )
    if is_new:
        data = {"person": user.code, "months": due[-1], "since": since.date().isoformat()}
        outbox.publish(InactivityWarned(file=user.file, subject_id=user.pk, data=data), actor=SYSTEM, at=at)
    return is_new
