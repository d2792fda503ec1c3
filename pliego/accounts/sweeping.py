"""What is over is forgotten; what was held back is told once a day."""

from datetime import timedelta

from django.db import transaction

from pliego.accounts import letters, reissuing, tries
from pliego.accounts.models import EmailChange, MailedLink, RecoveryRequest, Registration, User
from pliego.kernel import clock

UNTOLD = (RecoveryRequest.Outcome.HELD,)
LINKS_KEPT = timedelta(days=30)


def sweep() -> None:
    now = clock.real_now()
    tries.forget_old()
    Registration.objects.filter(expires_at__lt=now).delete()
    EmailChange.objects.filter(expires_at__lt=now).delete()
    MailedLink.objects.filter(expires_at__lt=now - LINKS_KEPT).delete()
    reissuing.end_those_over(clock.now())
    tell_held()


def tell_held() -> int:
    """Mail the digest to each person whose first untold request is a day old; answers how many."""
    told = 0
    untold = RecoveryRequest.objects.filter(outcome__in=UNTOLD, told_at=None)
    waiting = untold.filter(at__lt=clock.real_now() - letters.DAY).values_list("user_id", flat=True).distinct()
    for user_id in waiting:
        with transaction.atomic():
            user = User.objects.select_for_update(no_key=True).get(pk=user_id)
            if requests := list(untold.filter(user=user)):
                letters.digest(user, requests)
                told += 1
    return told
