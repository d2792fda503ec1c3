"""What this room tells the rooms below, when they ask: to the settlement, the page of a contract, and an evaluation."""

from django.utils.translation import gettext_lazy as _

from pliego.breaches import queries
from pliego.breaches.policy import POLICY, Act
from pliego.evaluation import weighing
from pliego.execution import pages, record, rules

pages.MORE.append(pages.Offer(POLICY, Act.VIEW, _("Breaches and sanctions"), "breaches:breaches", kind="secondary"))
record.NOTES.append(queries.notes_for)
weighing.KNOWN_FINES.append(queries.fines_of)
rules.SETTLEMENT_CHECKS.append(queries.hearing_is_open)
