"""What this room announces. Each event of configuration carries the whole of what it leaves, so that the past can be
read again; none of it is public."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class ProfileSaved(Event):
    code = "profile.saved"
    title = _("Permission profile saved")
    public = False


class ProfileDeleted(Event):
    code = "profile.deleted"
    title = _("Permission profile deleted")
    public = False


class GroupSaved(Event):
    code = "group.saved"
    title = _("Group of people saved")
    public = False


class UnitSaved(Event):
    code = "unit.saved"
    title = _("Contracting unit saved")
    public = False


class FlowSet(Event):
    code = "flow.set"
    title = _("Approval flow set")
    public = False


class FlowEnded(Event):
    code = "flow.ended"
    title = _("Approval flow ended")
    public = False


class ApprovalStarted(Event):
    code = "approval.started"
    title = _("Approval asked for")
    public = False


class StepApproved(Event):
    code = "approval.step_approved"
    title = _("Task of an approval done")
    public = False


class ApprovalAuthorised(Event):
    code = "approval.authorised"
    title = _("Act authorised")
    public = False


class ApprovalReturned(Event):
    code = "approval.returned"
    title = _("Approval returned with a reason")
    public = False


class ApprovalCancelled(Event):
    code = "approval.cancelled"
    title = _("Approval cancelled")
    public = False


class ApprovalVoided(Event):
    code = "approval.voided"
    title = _("Approval void because the content changed")
    public = False


class DelegationGranted(Event):
    code = "delegation.granted"
    title = _("Delegation granted")
    public = False


class DelegationRevoked(Event):
    code = "delegation.revoked"
    title = _("Delegation revoked")
    public = False


class SegregationSet(Event):
    code = "segregation.set"
    title = _("Rule of segregation set")
    public = False


class LibraryItemAdded(Event):
    code = "library.added"
    title = _("Document added to the library")
    public = False


class LibraryItemRetired(Event):
    code = "library.retired"
    title = _("Document taken out of the library")
    public = False
