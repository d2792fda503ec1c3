"""The states of a tender, of an amendment, and every move between them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.authority import gates
from pliego.kernel.states import Machine, Row, State
from pliego.tendering import halts, rules, sections, usable

RUNNING = ("published", "closed", "opened")  # public and not decided

# fmt: off
TENDER = Machine(
    model="tendering.Tender",
    title=_("Tender"),
    states=(
        #     code         shown as                 OCDS tender.status
        State("draft",     _("Draft"),              "planning"),
        State("submitted", _("Sent for approval"),  "planning"),
        State("returned",  _("Returned to mend"),   "planning"),
        State("published", _("Published"),          "active"),
        State("closed",    _("Closed"),             "active"),
        State("opened",    _("Under evaluation"),   "active"),
        State("suspended", pgettext_lazy("process", "Suspended"), "active"),
        State("awarded",   _("Awarded"),            "complete"),
        State("deserted",  _("Declared void"),      "unsuccessful"),
        State("cancelled", _("Cancelled"),          "cancelled"),
        State("revoked",   pgettext_lazy("process", "Revoked"),   "cancelled"),
        State("finished",  _("Finished"),           "complete"),
    ),
    rows=(
        #   act         from                                to           refused when
        Row("submit",   ("draft", "returned"),              "submitted", (sections.is_not_ready, usable.method_cannot_be_used)),
        Row("return",   "submitted",                        "returned"),
        Row("publish",  "submitted",                        "published", (sections.is_not_ready, usable.method_cannot_be_used,
                                                                          gates.approved("publication"))),
        Row("amend",    "published",                        "published", (rules.amendments_are_over, gates.approved("addendum"))),
        Row("advance",  "published",                        "published", (rules.next_stage_cannot_begin, gates.approved("addendum"))),
        Row("end",      "published",                        "finished",  (rules.next_stage_cannot_begin, gates.approved("addendum"))),
        Row("fail",     "published",                        "cancelled", (rules.next_stage_cannot_begin, gates.approved("addendum"))),
        Row("close",    "published",                        "closed",    rules.closing_is_not_due),
        Row("open",     "closed",                           "opened",    (rules.opening_is_not_due, rules.observations_are_unanswered,
                                                                          gates.approved("opening"))),
        Row("award",    ("opened", "published"),            "awarded",   (rules.award_comes_before_the_offers, rules.observations_are_unanswered,
                                                                          gates.approved("award"))),
        Row("desert",   ("closed", "opened"),               "deserted",  gates.approved("award")),
        Row("suspend",  RUNNING,                            "suspended", halts.reception_must_close),
        Row("resume",   "suspended",                        "published", halts.comes_back_to("published")),
        Row("resume_closed", "suspended",                   "closed",    halts.comes_back_to("closed")),
        Row("resume_opened", "suspended",                   "opened",    halts.comes_back_to("opened")),
        Row("correct",  "published",                        "published", gates.approved("addendum")),
        Row("correct",  "closed",                           "closed",    gates.approved("addendum")),
        Row("correct",  "opened",                           "opened",    gates.approved("addendum")),
        Row("cancel",   (*RUNNING, "suspended"),            "cancelled"),
        Row("revoke",   (*RUNNING, "suspended"),            "revoked"),
        Row("discard",  ("draft", "returned", "submitted"), "cancelled"),
        Row("conclude", "opened",                           "finished",  rules.something_is_to_be_awarded),
        Row("finish",   "awarded",                          "finished"),
    ),
)

AMENDMENT = Machine(
    model="tendering.Amendment",
    title=_("Amendment"),
    states=(
        State("draft",     _("Draft")),
        State("published", _("Published")),
        State("discarded", _("Discarded")),
    ),
    rows=(
        Row("publish", "draft", "published"),
        Row("discard", "draft", "discarded"),
    ),
)
# fmt: on

RESUMES = {"published": "resume", "closed": "resume_closed", "opened": "resume_opened"}
DRAFTS = ("draft", "returned")
HIDDEN = ("draft", "returned", "submitted")
