"""What this room tells the rooms below, when they ask: to a settlement, a contract, its page, and an evaluation."""

from django.utils.translation import gettext_lazy as _

from pliego.breaches import queries
from pliego.breaches.policy import POLICY, Act
from pliego.contracts import turning
from pliego.evaluation import weighing
from pliego.execution import pages, record, rules

pages.MORE.append(pages.Offer(POLICY, Act.VIEW, _("Breaches and sanctions"), "breaches:breaches", kind="secondary"))
record.NOTES.append(queries.notes_for)
turning.PARTY_CHECKS.append(queries.bars_taking_over)
weighing.KNOWN_FINES.append(queries.fines_of)
rules.SETTLEMENT_CHECKS.append(queries.hearing_is_open)
