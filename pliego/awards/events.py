"""What this room announces. `data` is written into the ledger as it is."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class AwardMade(Event):
    """data: code (of the tender), award, bid, supplier, supplier_name, value, currency, reason, legal_basis, and
    lot where there are lots; variant, where that of the offer was awarded instead of its base. The subject is the award: contracts reacts."""

    code = "award.made"
    title = _("Process awarded")


class LotDeserted(Event):
    """data: code (of the tender), award, lot, lot_title, cause, cause_title, reason, legal_basis."""

    code = "award.lot_deserted"
    title = _("Lot declared void")


class TenderDeserted(Event):
    """data: code (of the tender), award, reason, legal_basis."""

    code = "award.deserted"
    title = _("Process declared void")
