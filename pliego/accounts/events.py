"""What this room announces. None of it is public: it concerns one person."""

from django.utils.translation import gettext_lazy as _

from pliego.accounts import standing_events  # noqa: F401 - announced by this room too
from pliego.kernel.events import Event


class PersonRegistered(Event):
    code = "person.registered"
    title = _("Person registered")
    public = False


class SecondFactorAdded(Event):
    code = "person.second_factor_added"
    title = _("Second factor added")
    public = False


class SecondFactorRemoved(Event):
    code = "person.second_factor_removed"
    title = _("Second factor removed")
    public = False


class PasswordChanged(Event):
    code = "person.password_changed"
    title = _("Password changed")
    public = False
