"""What this room announces; nobody outside the entity reads it."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class SiifListRead(Event):
    """On the file of the entity. data: load, kind, sha256, documents, wrong (rows left out)."""

    code = "siif.list_read"
    title = _("List of SIIF read")
    public = False


class SiifConsulted(Event):
    """On the file of the contract. data: code, documents [{kind, number, year, is_known, amount}]."""

    code = "siif.consulted"
    title = _("SIIF consulted")
    public = False
