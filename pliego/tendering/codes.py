"""Closed lists of this room: types of contract, capacities, kinds of document."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pliego.kernel.objections import Text

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
AMENDMENT_KINDS = (
    ("addendum",   _("Amendment")),
    ("correction", _("Correction")),
    ("resumption", _("Resumption")),
)
# Why an act is revoked: the grounds of the law, and where it has them.
REVOCATION_GROUNDS = (
    ("against_the_law", _("It is manifestly against the Constitution or the law"), "Ley 1437 de 2011, art. 93, num. 1"),
    ("public_interest", _("It is against the public or social interest"),          "Ley 1437 de 2011, art. 93, num. 2"),
    ("unjust_harm",     _("It does an unjustified harm to a person"),              "Ley 1437 de 2011, art. 93, num. 3"),
)
CORRECTION_LAW = "Ley 80 de 1993, art. 49"
# Kinds of document that any pliego may carry, beside those that its method asks for.
DOCUMENT_KINDS = ("budget_certificate", "terms", "annex", "tender_document", "other")
# fmt: on


def ground_of(basis: str) -> Text:
    """What the ground of a revocation is called; nothing for another act."""
    return next((title for _code, title, law in REVOCATION_GROUNDS if law == basis), "")


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
