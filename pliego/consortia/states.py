"""The lives of a plural bidder and of each member's answer (Ley 80 de 1993, art. 7)."""

from django.utils.translation import gettext_lazy as _

from pliego.consortia import rules
from pliego.kernel.states import Machine, Row, State

# fmt: off
GROUP = Machine(
    model="consortia.Group",
    title=_("Plural bidder"),
    states=(
        State("draft",     _("Being put together")),
        State("invited",   _("Waiting for its members")),
        State("active",    _("Active")),
        State("refused",   _("Refused by a member")),
        State("lapsed",    _("The invitation expired")),
        State("dropped",   _("Dropped")),
        State("dissolved", _("Dissolved")),
    ),
    rows=(
        #   act         from                                           to           refused by
        Row("invite",   "draft",                                       "invited",   (rules.terms_are_incomplete,)),
        Row("activate", "invited",                                     "active",    (rules.somebody_is_missing,)),
        Row("refuse",   "invited",                                     "refused"),
        Row("lapse",    "invited",                                     "lapsed",    (rules.invitation_still_runs,)),
        Row("amend",    ("invited", "refused", "lapsed"),              "draft"),
        Row("drop",     ("draft", "invited", "refused", "lapsed"),     "dropped"),
        Row("dissolve", "active",                                      "dissolved"),
    ),
)

MEMBER = Machine(
    model="consortia.Member",
    title=_("Member of a plural bidder"),
    states=(
        State("listed",   _("Listed")),
        State("invited",  _("Invited")),
        State("accepted", _("Accepted")),
        State("refused",  _("Refused")),
    ),
    rows=(
        Row("invite", "listed",                           "invited"),
        Row("accept", "invited",                          "accepted", (rules.invitation_is_over,)),
        Row("refuse", "invited",                          "refused",  (rules.invitation_is_over,)),
        Row("amend",  ("invited", "accepted", "refused"), "listed"),
    ),
)
# fmt: on
