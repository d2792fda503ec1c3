"""Who may read an act. Nobody writes one by hand, and nobody changes one. And who has a say about the log itself."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Policy, Row, anyone, is_system, who


class Act(StrEnum):
    VIEW = "ledger.view"


is_public = who(lambda actor, entry: entry.is_disclosed, _("This act is still reserved."), name="act is public")
did_it = who(
    lambda actor, entry: actor.user_id is not None and actor.user_id == entry.actor_user_id,
    _("Only the person who did this can read it."),
    name="did it",
)
in_their_name = who(
    lambda actor, entry: actor.account_id is not None and actor.account_id == entry.account_id,
    _("Only people of the account that did this can read it."),
    name="it was done for their account",
)

concerns_them = who(
    lambda actor, entry: actor.user_id is not None and entry.file == f"persona:{actor.user_code}",
    _("Only the person whom this concerns can read it."),
    name="it is about them",
)

POLICY = Policy(
    "ledger",
    view=Act.VIEW,
    rows=(Row(Act.VIEW, is_public | did_it | concerns_them | in_their_name | is_system),),
)


class LogAct(StrEnum):
    VIEW = "view"
    COSIGN = "cosign"
    NAME_WITNESSES = "name_witnesses"


# fmt: off
# About the log. Who cosigns shows it by the signature: it needs no account here.
LOG_POLICY = Policy("ledger_log", view=LogAct.VIEW, rows=(
    Row(LogAct.VIEW,            anyone),
    Row(LogAct.COSIGN,          anyone),
    Row(LogAct.NAME_WITNESSES,  is_system),
))
# fmt: on
