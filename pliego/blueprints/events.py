"""What this room announces, on the file of the account. None is public."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class BlueprintSaved(Event):
    """data: code, version, name, methods, sections {code: mark of its content}, made_from."""

    code = "template.saved"
    title = _("Template of a pliego saved")
    public = False


class BlueprintRetired(Event):
    """data: code, name, version."""

    code = "template.retired"
    title = _("Template of a pliego retired")
    public = False


class BlueprintRestored(Event):
    """data: code, name, version."""

    code = "template.restored"
    title = _("Template of a pliego in use again")
    public = False
