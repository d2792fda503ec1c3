"""What evaluation asks of this room before it lets anybody evaluate or publishes a report."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection
from pliego.kernel.policy import Predicate, Verdict
from pliego.panels import queries
from pliego.panels.rules import round_of


@dataclass(frozen=True)
class _Judges(Predicate):
    """About an evaluation. Its no is told to each person by what they lack."""

    def __call__(self, actor: Actor, obj: Any) -> Verdict:
        return queries.may_evaluate(actor, obj.tender)


may_evaluate = _Judges("sits where somebody was appointed", lambda a, o: bool(queries.may_evaluate(a, o.tender)), "")


def panel_is_not_ready(evaluation: Any, at: datetime) -> Iterator[Objection]:
    """Before the report every member has declared against the list of bidders, and nothing waits for its decision."""
    tender = evaluation.tender
    panel, seats = tender.rulebook.panel, queries.serving(tender)
    if panel is not None and panel.is_required and len(seats) < panel.at_least:
        sentence = ngettext(
            "This method needs at least %(n)s appointed evaluator.",
            "This method needs at least %(n)s appointed evaluators.",
            panel.at_least,
        )
        yield Objection("panel_incomplete", sentence % {"n": panel.at_least}, "", panel.legal_basis)
    for member in seats:
        if member.is_waiting():
            sentence = _("The impediment or recusal of %(name)s waits for its decision.") % {"name": member.name}
            yield Objection("impediment_waits", sentence)
        elif not member.has_declared(round_of(tender)):
            missing = _("%(name)s has not declared yet whether they have a conflict of interest.")
            yield Objection("declaration_missing", missing % {"name": member.name})
