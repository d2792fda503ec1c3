"""A notice is for one person, and nobody else reads it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, who


class Act(StrEnum):
    VIEW = "notifications.view"
    READ = "notifications.read"


is_for_them = who(
    lambda actor, notice: actor.user_id is not None and actor.user_id == notice.user_id,
    _("This notice is for somebody else."),
    name="is for them",
)

POLICY = Policy(
    "notifications", view=Act.VIEW, rows=(Row(Act.VIEW, is_for_them), Row(Act.READ, is_for_them, reads=True))
)
