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


class ReissueAsked(Event):
    code = "reissue.asked"
    title = _("Replacement of lost factors asked for")
    public = False


class ReissueProved(Event):
    code = "reissue.proved"
    title = _("Identity proved to replace lost factors")
    public = False


class ReissueConfirmed(Event):
    code = "reissue.confirmed"
    title = _("Replacement of lost factors confirmed by a second person")
    public = False


class ReissueRefused(Event):
    code = "reissue.refused"
    title = _("Replacement of lost factors refused")
    public = False


class ReissueStopped(Event):
    code = "reissue.stopped"
    title = _("Replacement of lost factors stopped")
    public = False


class ReissueLapsed(Event):
    code = "reissue.lapsed"
    title = _("Replacement of lost factors ended without being used")
    public = False


class FactorsReissued(Event):
    code = "person.factors_reissued"
    title = _("Lost factors replaced")
    public = False


class IdentityLinked(Event):
    code = "person.identity_linked"
    title = _("Identity of another site linked")
    public = False


class IdentityUnlinked(Event):
    code = "person.identity_unlinked"
    title = _("Identity of another site unlinked")
    public = False


class DocumentClaimed(Event):
    code = "person.document_claimed"
    title = _("Registered with a document of another registration")
    public = False


class DocumentClaimProved(Event):
    code = "person.document_claim_proved"
    title = _("Proof of identity sent for a document of two registrations")
    public = False
