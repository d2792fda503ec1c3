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


class TermsAccepted(Event):
    code = "person.terms_accepted"
    title = _("Terms of use accepted")
    public = False


class RecoveryAsked(Event):
    code = "person.recovery_asked"
    title = _("Recovery of the password asked for")
    public = False


class ItWasNotMe(Event):
    code = "person.it_was_not_me"
    title = _("Reported: it was not me")
    public = False


class PersonDataChanged(Event):
    code = "person.data_changed"
    title = _("Personal data changed")
    public = False


class EmailChanged(Event):
    code = "person.email_changed"
    title = _("E-mail changed")
    public = False


class ReportAnswered(Event):
    code = "person.report_answered"
    title = _("Report about an access answered")
    public = False
