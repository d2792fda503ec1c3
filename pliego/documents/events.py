from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class DocumentQuarantined(Event):
    """The antivirus found a threat in a stored document: it can no longer be downloaded, and its hash stays."""

    code = "document.quarantined"
    title = _("Document put in quarantine")
