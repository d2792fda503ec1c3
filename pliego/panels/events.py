"""What this room announces, on the file of the process. Nobody's document, mail or reasons of a conflict is public."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event


class PanelAppointed(Event):
    """data: code, number (of the act here), act, act_on, kind, members [{number, name, role, is_official}], tell."""

    code = "panel.appointed"
    title = _("Evaluators appointed")


class MemberRelieved(Event):
    """data: code, number, act, act_on, member, name, reason, tell."""

    code = "panel.member_relieved"
    title = _("Evaluator relieved")


class ConflictDenied(Event):
    """A member declares no conflict of interest. data: code, member, name, about ("general" or "bidders")."""

    code = "panel.no_conflict_declared"
    title = _("Declaration of no conflict of interest")


class ImpedimentDeclared(Event):
    """data: code, impediment, member, name, about, supplier, reason, due_at. Reserved: it may tell of private life."""

    code = "panel.impediment_declared"
    title = _("Conflict of interest declared")
    public = False


class RecusalPresented(Event):
    """data: code, impediment, member, name, supplier, reason, due_at, tell. Reserved until it is decided."""

    code = "panel.recusal_presented"
    title = _("Recusal of an evaluator")
    public = False


class RecusalAnswered(Event):
    """data: code, impediment, member, name, accepts, answer. Reserved."""

    code = "panel.recusal_answered"
    title = _("Answer of the recused evaluator")
    public = False


class ImpedimentDecided(Event):
    """data: code, impediment, kind, member, name, supplier, outcome, reason, tell."""

    code = "panel.impediment_decided"
    title = _("Impediment or recusal decided")
