"""What this room announces. Each row announces itself too, in the room that it belongs to."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class BatchApplied(Event):
    code = "bulk.applied"
    title = _("File of many rows applied")
    public = False
