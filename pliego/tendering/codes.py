"""Closed lists of this room: types of contract, capacities, kinds of document."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

# fmt: off
CONTRACT_TYPES = (
    ("goods",           _("Purchase of goods")),
    ("supply",          _("Supply")),
    ("services",        _("Services")),
    ("professional",    _("Professional services and support")),
    ("works",           _("Public works")),
    ("consultancy",     _("Consultancy")),
    ("supervision",     _("Technical supervision")),
    ("lease",           _("Lease")),
    ("interadmin",      _("Agreement between entities")),
    ("insurance",       _("Insurance")),
    ("other",           _("Other")),
)
CAPACITIES = (
    ("authorising_officer", _("Authorising officer")),
    ("preparer",            _("Preparer")),
    ("legal",               _("Legal adviser")),
    ("technical",           _("Technical adviser")),
    ("control",             _("Internal control")),
    ("escrow",              _("Escrow of the platform's operator")),
)
# Kinds of document that any pliego may carry, beside those that its method asks for.
DOCUMENT_KINDS = ("budget_certificate", "terms", "annex", "tender_document", "other")
# fmt: on


def in_words(number: int, unit: str) -> str:
    """A duration as people say it: “1 month”, “90 days”."""
    match unit:
        case "days":
            words = ngettext("%(n)s day", "%(n)s days", number)
        case "weeks":
            words = ngettext("%(n)s week", "%(n)s weeks", number)
        case "years":
            words = ngettext("%(n)s year", "%(n)s years", number)
        case _month:
            words = ngettext("%(n)s month", "%(n)s months", number)
    return words % {"n": number}
