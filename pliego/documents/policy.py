"""Who may read a document: people with a role in the accounts that it names.

`DocumentQuerySet.visible_to` says the same in SQL.
"""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.documents.models import Audience, Document
from pliego.kernel.actors import Actor
from pliego.kernel.policy import Policy, Row, is_system, who


class Act(StrEnum):
    VIEW = "view"
    DOWNLOAD = "download"


def _may_read(actor: Actor, document: Document) -> bool:  # noqa: PLR0911 - one line an audience
    account_id = actor.account_id if actor.user_id is not None and actor.roles else None
    belongs = account_id is not None and account_id == document.account_id
    match document.audience:
        case Audience.PUBLIC:
            return True
        case Audience.OWNER:
            return actor.user_id is not None and actor.user_id == document.uploaded_by_id
        case Audience.ACCOUNT:
            return belongs
        case Audience.DESK:
            return belongs or "desk" in actor.platform_roles
        case Audience.BUYERS:
            return belongs or "desk" in actor.platform_roles or (account_id is not None and actor.is_buyer)
        case Audience.PARTICIPANTS:
            return belongs or (account_id is not None and document.grants.filter(account_id=account_id).exists())
    return False


may_read = who(_may_read, _("This document is not open to you."), "may read it")
is_not_quarantined = who(
    lambda actor, document: not document.is_quarantined,
    _("The antivirus found a threat in this document, so it cannot be downloaded. Its content is kept as evidence."),
    "is not in quarantine",
)

# fmt: off
POLICY = Policy("documents", view=Act.VIEW, rows=(
    #   act             who                     while
    Row(Act.VIEW,       may_read | is_system),
    Row(Act.DOWNLOAD,   may_read | is_system,   is_not_quarantined, reads=True),
))
# fmt: on
