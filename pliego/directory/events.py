"""What this room announces. What a supplier looks for is nobody else's business, so none of it is public."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class InterestCreated(Event):
    code = "interest.created"
    title = _("Area of interest added")
    public = False


class InterestChanged(Event):
    code = "interest.changed"
    title = _("Area of interest changed")
    public = False


class InterestDeleted(Event):
    code = "interest.deleted"
    title = _("Area of interest deleted")
    public = False
