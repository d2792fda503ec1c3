"""What this room tells the rooms below: a button of the contract's page, and what keeps it from being settled twice."""

from django.utils.translation import gettext_lazy as _

from pliego.execution import pages, rules
from pliego.settlements import queries
from pliego.settlements.policy import POLICY, Act

pages.MORE.append(pages.Offer(POLICY, Act.VIEW, _("Settlement and closing"), "settlements:ending", kind="secondary"))
rules.SETTLEMENT_CHECKS.append(queries.resolution_waits)
rules.ACCOUNT_CHECKS.append(queries.resolution_waits)  # it fixed the accounts: what it left out is told in the appeal
