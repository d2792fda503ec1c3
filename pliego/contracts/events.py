"""What this room announces. Until the signature the acts show the world only their hash; the signature discloses them."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class ContractDrafted(Event):
    """data: contract, award, buyer, supplier, value."""

    code = "contract.drafted"
    title = _("Contract drafted from the award")
    public = False


class ContractsLoaded(Event):
    """data: load, process, sha256 (of the file), contracts (how many were drafted)."""

    code = "contract.file_loaded"
    title = _("Contracts drafted from a file")
    public = False


class ContractSent(Event):
    """data: contract, number, version, value, supplier. documents: the text of the contract."""

    code = "contract.sent"
    title = _("Contract sent to the supplier")
    public = False


class ContractAccepted(Event):
    """data: contract, number, version, supplier. documents: the text that was accepted."""

    code = "contract.accepted"
    title = _("Contract accepted by the supplier")
    public = False


class ContractRejected(Event):
    """data: contract, version, reason."""

    code = "contract.rejected"
    title = _("Contract rejected by the supplier")
    public = False


class ContractReworked(Event):
    """data: contract, version."""

    code = "contract.reworked"
    title = _("Contract taken back to be changed")
    public = False


class ContractSigned(Event):
    """data: contract, number, value, supplier, budget_commitment. documents: the text that was signed."""

    code = "contract.signed"
    title = _("Contract signed")


class GuaranteeSubmitted(Event):
    """data: contract, cover, policy, insurer, amount, starts_on, ends_on. documents: the policy."""

    code = "guarantee.submitted"
    title = _("Guarantee sent by the contractor")
    public = False


class GuaranteeApproved(Event):
    """data: contract, cover, policy, insurer, amount, starts_on, ends_on. documents: the policy."""

    code = "guarantee.approved"
    title = _("Guarantee approved")


class GuaranteeRejected(Event):
    """data: contract, cover, policy, reason."""

    code = "guarantee.rejected"
    title = _("Guarantee rejected")
    public = False


class InsurerAsked(Event):
    """data: contract, cover, policy, insurer, inquiry. The insurer gets a link by mail."""

    code = "guarantee.insurer_asked"
    title = _("Insurer asked about a guarantee")
    public = False


class InsurerConfirmed(Event):
    """data: contract, cover, policy, insurer, inquiry, name and position of who answered, note."""

    code = "guarantee.insurer_confirmed"
    title = _("Guarantee confirmed by its insurer")
    public = False


class InsurerDenied(Event):
    """data: the same."""

    code = "guarantee.insurer_denied"
    title = _("Guarantee not acknowledged by its insurer")
    public = False


class GuaranteeEnding(Event):
    """data: contract, cover, about (the cover in words), policy, insurer, amount, starts_on, ends_on."""

    code = "guarantee.ending"
    title = _("Guarantee about to end")
    public = False


class GuaranteeEnded(Event):
    """data: the same."""

    code = "guarantee.ended"
    title = _("Guarantee ended")
    public = False


class StartRecordDrawn(Event):
    """data: contract, number, starts_on, supervisor. documents: the record."""

    code = "start_record.drawn"
    title = _("Record of the start drawn")
    public = False


class StartRecordSigned(Event):
    """data: the same."""

    code = "start_record.signed"
    title = _("Record of the start signed by the supervisor")
    public = False


class StartRecordObjected(Event):
    """data: the same, and the reason."""

    code = "start_record.objected"
    title = _("Record of the start objected by the contractor")
    public = False


class StartRecordAccepted(Event):
    """data: the same as when it was drawn. documents: the record."""

    code = "start_record.accepted"
    title = _("Record of the start signed by both parties")


class ContractStarted(Event):
    """data: contract, starts_on, ends_on, supervisor."""

    code = "contract.started"
    title = _("Contract started")


class ModificationSent(Event):
    """data: contract, modification, kind, changes, reason, amount, needs_supplier. documents: the act."""

    code = "modification.sent"
    title = _("Modification sent to the supplier")
    public = False


class ModificationAccepted(Event):
    """data: the same. documents: the act that was accepted."""

    code = "modification.accepted"
    title = _("Modification accepted by the supplier")
    public = False


class AssignmentTaken(Event):
    """data: the same. Whoever takes the contract over accepted its assignment."""

    code = "modification.taken_over"
    title = _("Assignment accepted by the new contractor")
    public = False


class ModificationRejected(Event):
    """data: contract, modification, kind, reason (of the supplier)."""

    code = "modification.rejected"
    title = _("Modification rejected by the supplier")
    public = False


class ModificationReworked(Event):
    """data: contract, modification, kind."""

    code = "modification.reworked"
    title = _("Modification taken back to be changed")
    public = False


class ModificationPublished(Event):
    """data: contract, modification, kind, about (the kind in words), changes (old and new of each field), reason, amount,
    days, needs_supplier, effective_on, cause, guarantees (what it asks of them), to and given_by (of an assignment),
    version (of the contract that it makes). documents: the act.
    """

    code = "modification.published"
    title = _("Contract modified")


class ResumptionDue(Event):
    """data: contract, planned_on. The day on which a suspended contract was planned to resume is near, or passed."""

    code = "contract.resumption_due"
    title = _("Suspended contract due to resume")
    public = False


class ContractCompleted(Event):
    """data: contract, completed_on."""

    code = "contract.completed"
    title = _("Contract completed")
