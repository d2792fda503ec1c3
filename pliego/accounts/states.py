"""The lives of a suspension, of an appeal against it, of a merging, and of a replacement of lost factors."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.states import Machine, Row, State

# fmt: off
SUSPENSION = Machine(
    model="accounts.Suspension",
    title=_("Suspension of a person"),
    states=(
        #     code        shown as
        State("proposed", _("Proposed")),
        State("approved", _("Approved by one")),
        State("in_force", _("In force now")),
        State("rejected", _("Not approved")),
        State("lifted",   _("Lifted")),
        State("ended",    _("Ended with its term")),
    ),
    rows=(
        #   act             from                      to
        Row("approve",      "proposed",               "approved"),
        Row("approve",      "approved",               "in_force"),     # the second, different person
        Row("reject",       ("proposed", "approved"), "rejected"),
        Row("lift",         "in_force",               "lifted"),       # reversal, or an appeal that was granted
        Row("end",          "in_force",               "ended"),        # a provisional one, when its term is over
    ),
)

APPEAL = Machine(
    model="accounts.Appeal",
    title=_("Appeal against a suspension"),
    states=(
        State("filed",   _("Waiting for an answer")),
        State("granted", _("Granted")),
        State("denied",  _("Denied")),
    ),
    rows=(
        Row("grant", "filed", "granted"),
        Row("deny",  "filed", "denied"),
    ),
)

MERGER = Machine(
    model="accounts.Merger",
    title=_("Merging of two registrations of one person"),
    states=(
        State("proposed", _("Proposed")),
        State("approved", _("Approved by one")),
        State("done",     _("Done")),
        State("rejected", _("Not approved")),
    ),
    rows=(
        Row("approve", "proposed",               "approved"),
        Row("approve", "approved",               "done"),
        Row("reject",  ("proposed", "approved"), "rejected"),
    ),
)

REISSUE = Machine(
    model="accounts.Reissue",
    title=_("Replacement of lost factors"),
    states=(
        State("asked",     _("Waiting for the proof of identity")),
        State("proved",    _("Identity proved by one")),
        State("confirmed", _("Confirmed by two")),
        State("refused",   _("Not approved")),
        State("stopped",   _("Stopped by the person")),
        State("lapsed",    _("Ended without being used")),
        State("done",      _("Done")),
    ),
    rows=(
        Row("prove",   "asked",                          "proved"),
        Row("confirm", "proved",                         "confirmed"),  # by another person: the wait begins
        Row("refuse",  ("asked", "proved", "confirmed"), "refused"),
        Row("stop",    ("asked", "proved", "confirmed"), "stopped"),    # "it was not me", or an old factor was used
        Row("lapse",   "confirmed",                      "lapsed"),
        Row("use",     "confirmed",                      "done"),       # after the wait, with the password
    ),
)
# fmt: on
