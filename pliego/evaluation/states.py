"""An evaluation goes on until its report is published; a new report may follow while nothing is awarded."""

from django.utils.translation import gettext_lazy as _

from pliego.evaluation import mending, rules
from pliego.kernel.states import Machine, Row, State
from pliego.panels import gates

# fmt: off
EVALUATION = Machine(
    model="evaluation.Evaluation",
    title=_("Evaluation"),
    states=(
        State("assessing", _("Being evaluated")),
        State("reported",  _("Report published")),
        State("finished",  _("Finished")),
    ),
    rows=(
        #   act        from                      to           refused when
        Row("assess",  "assessing",               "assessing"),
        Row("report",  "assessing",               "reported",  (rules.bids_are_not_assessed, rules.rule_is_not_computed,
                                                               rules.scores_are_missing, rules.rate_is_missing,
                                                               mending.requests_are_open,
                                                               gates.panel_is_not_ready)),
        Row("report_prices", "reported",          "reported",  (rules.prices_cannot_be_reported, rules.rate_is_missing,
                                                               mending.requests_are_open, gates.panel_is_not_ready)),
        Row("reopen",  "reported",                "assessing", (rules.award_is_made, rules.auction_is_prepared)),
        Row("finish",  ("assessing", "reported"), "finished"),
    ),
)
# fmt: on
