"""What this room announces. A resolution is of the parties until it is firm; then its acts are disclosed."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class ResolutionIssued(Event):
    """data: contract, resolution, cause, value, paid, released, owed_to_contractor, owed_to_entity, ends_on (to appeal).
    documents: the resolution."""

    code = "settlement_resolution.issued"
    title = _("Unilateral settlement notified")
    public = False


class ResolutionAppealed(Event):
    """data: contract, resolution, text. documents: what came with it."""

    code = "settlement_resolution.appealed"
    title = _("Unilateral settlement appealed")
    public = False


class ResolutionRevoked(Event):
    """data: contract, resolution, answer. documents: the decision."""

    code = "settlement_resolution.revoked"
    title = _("Unilateral settlement revoked on appeal")
    public = False


class ResolutionFirm(Event):
    """data: contract, resolution, outcome, value, paid, released, owed_to_contractor, owed_to_entity, firm_on.
    documents: the resolution, and the decision on the appeal."""

    code = "settlement_resolution.firm"
    title = _("Contract settled by the entity")


class SettledByJudge(Event):
    """data: contract, court, file_number, decided_on, value, paid, released, owed_to_contractor, owed_to_entity.
    documents: the decision."""

    code = "settlement_ruling.registered"
    title = _("Contract settled by a judge")


class TermEnding(Event):
    """data: contract, term, about, ends_on."""

    code = "settlement_term.ending"
    title = _("Term to settle ends soon")
    public = False


class TermEnded(Event):
    """data: contract, term, about, ends_on."""

    code = "settlement_term.ended"
    title = _("Term to settle ended")
    public = False
