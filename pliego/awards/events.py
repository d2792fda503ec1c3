"""What this room announces. `data` is written into the ledger as it is."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class AwardMade(Event):
    """data: code (of the tender), award, bid, supplier, supplier_name, value, currency, reason, legal_basis. The
    subject is the award: contracts reacts."""

    code = "award.made"
    title = _("Process awarded")


class TenderDeserted(Event):
    """data: code (of the tender), award, reason, legal_basis."""

    code = "award.deserted"
    title = _("Process declared void")
