"""What this room announces. People's places are not public; which accounts exist is."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class ActivationRequested(Event):
    code = "account.activation_requested"
    title = _("Activation of an account requested")
    public = False


class AccountReturned(Event):
    code = "account.returned"
    title = _("Registration returned for correction")
    public = False


class AccountActivated(Event):
    code = "account.activated"
    title = _("Account activated")


class SupplierRegistered(Event):
    code = "account.supplier_registered"
    title = _("Supplier registered")


class AccountChanged(Event):
    code = "account.changed"
    title = _("Data of an account changed")
    public = False


class AccessRequested(Event):
    code = "access.requested"
    title = _("Access to an account requested")
    public = False


class AccessAccepted(Event):
    code = "access.accepted"
    title = _("Access to an account accepted")
    public = False


class AccessRejected(Event):
    code = "access.rejected"
    title = _("Access to an account rejected")
    public = False


class RolesChanged(Event):
    code = "access.roles_changed"
    title = _("Roles of a person changed")
    public = False


class AccessEnded(Event):
    code = "access.ended"
    title = _("Access of a person ended")
    public = False


class PaperAdded(Event):
    code = "account.paper_added"
    title = _("Document of an account renewed")
    public = False


class ChangeAsked(Event):
    code = "account.change_asked"
    title = _("Change of an account asked of the service desk")
    public = False


class ChangeApproved(Event):
    code = "account.change_approved"
    title = _("Change of an account approved")


class ChangeRefused(Event):
    code = "account.change_refused"
    title = _("Change of an account refused")
    public = False


class PersonInvited(Event):
    code = "access.invited"
    title = _("Person invited to an account")
    public = False


class InvitationEnded(Event):
    code = "access.invitation_ended"
    title = _("Invitation to an account ended")
    public = False


class AdministratorProposed(Event):
    code = "access.administrator_proposed"
    title = _("Administrator proposed")
    public = False


class AdministratorConfirmed(Event):
    code = "access.administrator_confirmed"
    title = _("Administrator confirmed by a second person")
    public = False


class AdministratorRefused(Event):
    code = "access.administrator_refused"
    title = _("Administrator not confirmed")
    public = False
