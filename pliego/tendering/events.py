"""What this room announces. `data` is written into the ledger as it is: plain JSON, instants in ISO 8601."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class TenderSubmitted(Event):
    """data: code, title, by."""

    code = "tender.submitted"
    title = _("Process sent for approval")
    public = False


class TenderReturned(Event):
    """data: code, title, reasons."""

    code = "tender.returned"
    title = _("Process returned to be mended")
    public = False


class TenderDiscarded(Event):
    """data: code, title, reason."""

    code = "tender.discarded"
    title = _("Draft of a process discarded")
    public = False


class TenderPublished(Event):
    """data: code, notice, phase, title, buyer, method, method_version, value, milestones {code: instant},
    opening {threshold, members [{number, name, capacity, recipient}], custodian {number, recipient}, at, reinforced? {reason,
    needed, witnesses [{name, institution, vkey}], keeper}}, version."""

    code = "tender.published"
    title = _("Process published")


class TenderAmended(Event):
    """data: code, amendment, reason, changes, version, binding_version (the last one that changed what offers answer to),
    milestones {code: instant} as they are now. Of a changed section, the marks of what it said and says."""

    code = "tender.amended"
    title = _("Amendment published")


class StageOpened(Event):
    """data: as of an amendment, and stage, stage_title: the act that opens the next stage of the process."""

    code = "tender.stage_opened"
    title = _("Next stage of the process opened")


class InterestExpressed(Event):
    """data: code, title, number, supplier, supplier_code."""

    code = "tender.interest_expressed"
    title = _("Interest expressed")


class DrawHeld(Event):
    """data: code, title, record: all that is needed to make the draw again."""

    code = "tender.draw_held"
    title = _("Draw held")


class CandidacyPresented(Event):
    """data: code, title, number, supplier, supplier_code. Private until the report: who applies is nobody's business
    while others still may."""

    code = "tender.candidacy_presented"
    title = _("Application to a prequalification")
    public = False


class CandidacyDecided(Event):
    """data: code, number, supplier, is_listed, reasons. Private; the report tells it to all."""

    code = "tender.candidacy_decided"
    title = _("Application to a prequalification judged")
    public = False


class PrequalificationReported(Event):
    """data: code, title, candidacies [{number, supplier, supplier_code, is_listed, reasons, stays}]."""

    code = "tender.prequalification_reported"
    title = _("Report of the prequalification published")


class ListDrawAnnounced(Event):
    """data: as of the report, and stay: how many the draw leaves on the list, of those that qualify. The seed comes after."""

    code = "tender.list_draw_announced"
    title = _("Draw for the list announced")


class ListMade(Event):
    """data: as of the report: the list made in the hearing. Only those on it may offer."""

    code = "tender.list_made"
    title = _("List of those who may offer published")


class InformationConcluded(Event):
    """data: code, title, answers."""

    code = "tender.concluded"
    title = _("Request for information concluded")


class SupplierInvited(Event):
    """data: code, supplier, supplier_code. Private until the publication."""

    code = "tender.supplier_invited"
    title = _("Supplier invited")
    public = False


class SuppliersTold(Event):
    """data: code, title, suppliers [{supplier, supplier_code}]: told of a public process in which anybody may take part.
    Private: who may come to offer is nobody's business before the opening."""

    code = "tender.suppliers_told"
    title = _("Suppliers told of the process")
    public = False


class SuppliersAdmitted(Event):
    """data: code, title, suppliers [{supplier, supplier_code}]: invited while the process receives offers, where
    nobody else may offer."""

    code = "tender.suppliers_admitted"
    title = _("More suppliers invited")


class TenderCorrected(Event):
    """data: as of an amendment, and defect, legal_basis: a defect of procedure or form is mended."""

    code = "tender.corrected"
    title = _("Defect of the process corrected")


class TenderSuspended(Event):
    """data: code, title, number, reason, legal_basis, planned_on, from: the state to which it goes back."""

    code = "tender.suspended"
    title = _("Process suspended")


class TenderResumed(Event):
    """data: as of an amendment, and number (of the suspension), title, days: how many business days it lasted."""

    code = "tender.resumed"
    title = _("Process resumed")


class TenderRevoked(Event):
    """data: code, title, ground, reason, legal_basis."""

    code = "tender.revoked"
    title = _("Opening of the process revoked")


class TenderCancelled(Event):
    """data: code, title, reason, legal_basis."""

    code = "tender.cancelled"
    title = _("Process cancelled")
