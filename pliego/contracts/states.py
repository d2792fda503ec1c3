"""The states of a contract and of a guarantee, and every move between them. Settling and closing are execution's acts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.authority import gates
from pliego.contracts import changes, rules
from pliego.kernel.states import Machine, Row, State

# fmt: off
CONTRACT = Machine(
    model="contracts.Contract",
    title=_("Contract"),
    states=(
        #     code          shown as                              OCDS contract status
        State("draft",      _("In preparation"),                  "pending"),
        State("sent",       _("Sent to the supplier"),            "pending"),
        State("rejected",   _("Rejected by the supplier"),        "pending"),
        State("accepted",   _("Accepted by the supplier"),        "pending"),
        State("signed",     pgettext_lazy("contract", "Signed"),  "active"),
        State("running",    _("Running"),                         "active"),
        State("completed",  _("Completed"),                       "active"),
        State("settled",    _("Settled"),                         "terminated"),
        State("closed",     _("Closed"),                          "terminated"),
    ),
    rows=(
        #   act         from                        to           refused when
        Row("send",     "draft",                    "sent",      (rules.is_incomplete, rules.sections_are_not_ready,
                                                                  gates.approved("contract"))),
        Row("accept",   "sent",                     "accepted",  rules.papers_are_missing("signature")),
        Row("reject",   "sent",                     "rejected"),
        Row("rework",   ("rejected", "accepted"),   "draft"),
        Row("sign",     "accepted",                 "signed",    rules.has_no_budget_commitment),
        Row("start",    "signed",                   "running",   (rules.guarantees_are_not_approved,
                                                                  rules.papers_are_missing("start"),
                                                                  rules.has_no_supervisor,
                                                                  rules.has_no_start_record)),
        Row("complete", "running",                  "completed"),
        Row("settle",   "completed",                "settled"),
        Row("close",    ("completed", "settled"),   "closed",    (rules.needs_settlement,
                                                                  rules.outliving_guarantees_are_in_force)),
    ),
)
GUARANTEE = Machine(
    model="contracts.Guarantee",
    title=_("Guarantee"),
    states=(
        State("submitted", _("Waiting for approval")),
        State("approved",  _("Approved")),
        State("rejected",  _("Not accepted")),
        State("replaced",  _("Replaced by another")),
    ),
    rows=(
        Row("approve", "submitted", "approved", rules.insurer_denies_it),
        Row("reject",  "submitted", "rejected"),
        Row("replace", "approved",  "replaced"),
    ),
)
INQUIRY = Machine(
    model="contracts.InsurerInquiry",
    title=_("Question to an insurer"),
    states=(
        State("asked",     pgettext_lazy("insurer", "Waits for the insurer")),
        State("confirmed", pgettext_lazy("insurer", "Confirmed by the insurer")),
        State("denied",    pgettext_lazy("insurer", "Not acknowledged by the insurer")),
        State("lapsed",    pgettext_lazy("insurer", "The insurer did not answer")),
    ),
    rows=(
        Row("confirm", "asked", "confirmed"),
        Row("deny",    "asked", "denied"),
        Row("lapse",   "asked", "lapsed"),
    ),
)
START_RECORD = Machine(
    model="contracts.StartRecord",
    title=_("Record of the start"),
    states=(
        State("drawn",     pgettext_lazy("start record", "Waits for the supervisor's signature")),
        State("signed",    pgettext_lazy("start record", "Waits for the contractor's signature")),
        State("accepted",  pgettext_lazy("start record", "Signed by both parties")),
        State("objected",  pgettext_lazy("start record", "Objected by the contractor")),
        State("discarded", pgettext_lazy("start record", "Discarded")),
    ),
    rows=(
        Row("sign",    "drawn",             "signed"),
        Row("accept",  "signed",            "accepted"),
        Row("object",  "signed",            "objected"),
        Row("discard", ("drawn", "signed"), "discarded"),
    ),
)
LOAD = Machine(
    model="contracts.ContractLoad",
    title=_("File of contracts"),
    states=(
        State("read",     pgettext_lazy("file of contracts", "Read")),
        State("applying", pgettext_lazy("file of contracts", "Its contracts are being drafted")),
        State("applied",  pgettext_lazy("file of contracts", "Drafted")),
        State("dropped",  pgettext_lazy("file of contracts", "Dropped")),
    ),
    rows=(
        Row("apply",  "read",     "applying"),
        Row("finish", "applying", "applied"),
        Row("drop",   "read",     "dropped"),
    ),
)
MODIFICATION = Machine(
    model="contracts.Modification",
    title=_("Modification of a contract"),
    states=(
        State("draft",     _("In preparation")),
        State("sent",      pgettext_lazy("modification", "Sent to the supplier")),
        State("rejected",  pgettext_lazy("modification", "Rejected by the supplier")),
        State("accepted",  pgettext_lazy("modification", "Accepted by the supplier")),
        State("published", pgettext_lazy("modification", "Published")),
        State("discarded", pgettext_lazy("modification", "Discarded")),
    ),
    rows=(
        #   act              from                   to           refused when
        Row("send",          "draft",               "sent",      (changes.is_incomplete, changes.is_wrong,
                                                                  changes.needs_no_supplier,
                                                                  gates.approved("modification"))),
        Row("accept",        "sent",                "accepted",  changes.is_wrong),
        Row("reject",        "sent",                "rejected"),
        Row("rework",        ("sent", "rejected", "accepted"), "draft"),
        Row("discard",       ("draft", "rejected"), "discarded"),
        Row("publish",       "accepted",            "published", (changes.is_wrong, changes.has_not_come)),
        Row("publish_alone", "draft",               "published", (changes.is_incomplete, changes.is_wrong,
                                                                  changes.has_not_come, changes.needs_the_supplier,
                                                                  gates.approved("modification"))),
    ),
)
# fmt: on

STANDING_RECORDS = ("drawn", "signed")
OPEN = ("draft", "sent", "rejected", "accepted")  # of a modification
PUBLIC = ("signed", "running", "completed", "settled", "closed")
UNSENT = ("draft",)
ALIVE = ("signed", "running", "completed")
