"""What this room announces."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class LimitationRequested(Event):
    """data: code, title, number, scope, supplier, supplier_code."""

    code = "tender.limitation_requested"
    title = _("Limitation to Mipymes requested")
