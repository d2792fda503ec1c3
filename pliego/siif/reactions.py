"""Where this room stands in those below: the section of the budget, the signature, and the menu of the entity."""

from django.utils.translation import gettext_lazy as _

from pliego.authority import menu
from pliego.authority.policy import Act
from pliego.contracts import rules
from pliego.contracts.sections import views as sections
from pliego.siif import queries, views

sections.BESIDE["budget"] = views.beside_budget
rules.COMMITMENT_WARNINGS.append(queries.told_doubts)
rules.COMMITMENT_CHECKS.append(queries.blocking_doubts)
menu.add(
    menu.Item(
        "siif:documents",
        _("SIIF Nación"),
        _("What SIIF says of the certificates and commitments of the entity"),
        Act.VIEW,
        for_buyers_only=True,
    ),
    before="delegations",
)
