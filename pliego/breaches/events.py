"""What this room announces, on the file of the process. Only what is in force is public, and then what was decided too.

data of every act of a breach: contract, number, and what its class says.
"""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class ComplianceDemanded(Event):
    """data: contract, number (of the call), text, clauses, due_at. documents: its paper."""

    code = "compliance.demanded"
    title = _("Call for compliance")
    public = False


class ComplianceAnswered(Event):
    """data: contract, number (of the call), answer. documents: its paper."""

    code = "compliance.answered"
    title = _("Answer to a call for compliance")
    public = False


class BreachReported(Event):
    """data: source, author, facts, clauses, proofs. documents: the report."""

    code = "breach.reported"
    title = _("Breach reported")
    public = False


class BreachDismissed(Event):
    """data: reason."""

    code = "breach.dismissed"
    title = _("Report of a breach filed without hearing")
    public = False


class BreachCited(Event):
    """data: starts_at, place, link, consequences, guarantors (names). documents: the citation and the report."""

    code = "breach.cited"
    title = _("Citation to the hearing of breach")
    public = False


class SessionMoved(Event):
    """data: session, starts_at, place, link, reason."""

    code = "breach.session_moved"
    title = _("Hearing of breach moved to another date")
    public = False


class SessionBegun(Event):
    """data: session."""

    code = "breach.session_begun"
    title = _("Hearing of breach begun or resumed")
    public = False


class PartyCame(Event):
    """data: session, side, name, capacity."""

    code = "breach.party_came"
    title = _("Attendance at the hearing of breach")
    public = False


class PartySpoke(Event):
    """data: statement, side, kind, name, text. documents: its paper."""

    code = "breach.party_spoke"
    title = _("Pleas or intervention in the hearing of breach")
    public = False


class EvidenceAsked(Event):
    """data: evidence, side, text, purpose. documents: its paper."""

    code = "breach.evidence_asked"
    title = _("Evidence asked for")
    public = False


class EvidenceDecided(Event):
    """data: evidence, is_admitted, reason."""

    code = "breach.evidence_decided"
    title = _("Evidence admitted or refused")
    public = False


class EvidenceTaken(Event):
    """data: evidence, result. documents: its paper."""

    code = "breach.evidence_taken"
    title = _("Evidence taken")
    public = False


class HearingSuspended(Event):
    """data: session, reason, starts_at (when it resumes). documents: the minutes of the session."""

    code = "breach.suspended"
    title = _("Hearing of breach suspended until a date")
    public = False


class BreachDecided(Event):
    """data: resolution, measures {code: amount}, grounds. documents: the resolution. Public once it is in force."""

    code = "breach.decided"
    title = _("Decision of the hearing of breach")
    public = False


class DecisionAppealed(Event):
    """data: statement, side, name, text. documents: its paper."""

    code = "breach.appealed"
    title = _("Decision of breach appealed")
    public = False


class AppealResolved(Event):
    """data: resolution, measures, grounds. documents: the resolution. Public once it is in force."""

    code = "breach.appeal_resolved"
    title = _("Appeal of a decision of breach decided")
    public = False


class SanctionInForce(Event):
    """data: resolution, measures, supplier, in_force_on, shown_until {code: day}. documents: the resolutions."""

    code = "breach.in_force"
    title = _("Sanction of a contractor in force")


class BreachFiled(Event):
    """data: resolution. documents: the minutes."""

    code = "breach.filed"
    title = _("Hearing of breach closed without sanction")
    public = False


class BreachCeased(Event):
    """data: reason. documents: its paper."""

    code = "breach.ceased"
    title = _("Hearing of breach ended: the breach ceased")
    public = False


class SanctionRecovered(Event):
    """data: measure, amount, means, on, owed."""

    code = "sanction.recovered"
    title = _("Amount of a sanction recovered")


class SanctionChallenged(Event):
    """data: challenge, on."""

    code = "sanction.challenged"
    title = _("Sanction brought before a judge")


class SanctionAnnulled(Event):
    """data: reason."""

    code = "sanction.annulled"
    title = _("Sanction left without effect")
