"""A second person signs the act of somebody whose factors changed a few hours ago (security.md section 4, four eyes).

Who is held asks for it on the page of the act; somebody else of the account, whose role signs, sees exactly what would
be written and signs that; then the first signs too, and the act carries both. The second signature is an act of its own
in the log, over the hash of what both saw.
"""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.accounts.models import Intention
from pliego.accounts.standing_events import ActCosigned
from pliego.kernel import clock
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown
from pliego.kernel.policy import Policy, Row, who
from pliego.kernel.todo import Task
from pliego.ledger import outbox
from pliego.ledger.intentions import digest

SIGNING_ROLES = frozenset({"administrator", "approver", "representative"})


def _signs_beside(actor: Actor, intention: Intention) -> bool:
    is_of_the_account = actor.account_id is not None and actor.account_id == intention.account_id
    return is_of_the_account and not actor.roles.isdisjoint(SIGNING_ROLES) and actor.user_id != intention.user_id


signs_beside = who(
    _signs_beside, _("A second person is somebody else of the account whose role signs."), "signs beside"
)
asked_for_it = who(
    lambda actor, intention: actor.user_id == intention.user_id, _("Only who asked for it."), "asked for it"
)


class Act(StrEnum):
    VIEW = "view"
    SIGN = "sign"


POLICY = Policy(
    "cosigning",
    view=Act.VIEW,
    rows=(Row(Act.VIEW, signs_beside | asked_for_it), Row(Act.SIGN, signs_beside, binding=True)),
)


def waiting_for(actor: Actor) -> "QuerySet[Intention]":
    """What waits for this person's second signature."""
    living = Intention.objects.filter(is_for_two=True, second=None, used_at=None, expires_at__gt=clock.real_now())
    if actor.account_id is None or actor.roles.isdisjoint(SIGNING_ROLES):
        return living.none()
    mine = living.filter(account_id=actor.account_id).exclude(user_id=actor.user_id or 0)
    return mine.select_related("user").order_by("pk")


def found(*, actor: Actor, code: str) -> Intention:
    """What a code asks to be signed by two, for those who may see it."""
    intention = Intention.objects.filter(code=code, is_for_two=True).select_related("user", "second").first()
    if intention is None or not POLICY.verdict(actor, Act.VIEW, intention):
        raise Unknown()
    return intention


@transaction.atomic
def cosign(*, actor: Actor, code: str, at: datetime) -> Intention:
    """Sign beside the first person, who then signs too."""
    intention = Intention.objects.select_for_update(of=("self",)).select_related("user").filter(code=code).first()
    if intention is None or not intention.is_for_two:
        raise Unknown()
    POLICY.require(actor, Act.SIGN, intention)
    if intention.second_id or intention.used_at or intention.expires_at <= clock.real_now():
        raise Refused(Objection("already_done", _("This was already signed, or its day is over.")))
    sha256 = digest(intention.said)
    acts = [{"act": act["act"], "file": act["file"]} for act in intention.acts]
    data = {"person": intention.user.code, "intention": sha256, "acts": acts}
    entry = outbox.publish(
        ActCosigned(file=intention.user.file, subject_id=intention.pk, data=data), actor=actor, at=at
    )
    intention.second_id, intention.second_at = actor.user_id, at
    intention.second_evidence = {"person": actor.user_code, "name": actor.name, "act": entry.code}
    intention.save(update_fields=["second", "second_at", "second_evidence"])
    intention.receipt = entry
    return intention


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Acts that wait for this person's signature beside another's."""
    return [
        Task(
            title=_("Sign as second person"),
            url=reverse("accounts:cosign", args=[intention.code]),
            subject=intention.user.full_name,
            reason=_("Their factors changed in the last 24 hours"),
            due_at=intention.expires_at,
        )
        for intention in waiting_for(actor)[:25]
    ]
