"""What this room announces, on the file of the process. No act names who is in a group, nor how many they are."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class MessagePublished(Event):
    """data: code, message, number, about, text, to ("public")."""

    code = "message.published"
    title = _("Public message of the entity")


class MessageSent(Event):
    """Of the entity, to a group or in a case. data: code, message, number, about, text, to, case, supplier."""

    code = "message.sent"
    title = _("Message of the entity")
    public = False


class MessageReceived(Event):
    """Of a supplier, in a case. data: code, message, number, about, text, to, case, supplier."""

    code = "message.received"
    title = _("Message of a supplier")
    public = False
