"""Anybody who signed in follows what is public; what one follows is one's own affair."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, is_signed_in, is_system, who
from pliego.tendering.policy import is_public


class Act(StrEnum):
    VIEW = "view"
    FOLLOW = "follow"


class OwnAct(StrEnum):
    VIEW = "view"
    CHANGE = "change"


is_theirs = who(
    lambda actor, follow: actor.user_id is not None and actor.user_id == follow.user_id,
    _("Only whoever follows it sees this."),
    "is theirs",
)

# fmt: off
# About a tender. Reading is all that it is: a suspended person may, and a delegate too.
POLICY = Policy("following", view=Act.VIEW, rows=(
    Row(Act.VIEW,   is_public | is_system),
    Row(Act.FOLLOW, is_signed_in, is_public, reads=True),
))
# About a follow.
OWN = Policy("following_own", view=OwnAct.VIEW, rows=(
    Row(OwnAct.VIEW,   is_theirs),
    Row(OwnAct.CHANGE, is_theirs, reads=True),
))
# fmt: on
