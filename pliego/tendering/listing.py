"""What can stand against an act of a prequalification: applying, judging, reporting, drawing, making the list.

Where the notice says how many may be on the list and more qualify, chance decides in the hearing. First the entity
announces among whom: from then on no decision changes, and only afterwards comes the head of the log that is the seed.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection, Text

Found = Iterator[Objection]


def applying_is_over(tender: Any, at: datetime) -> Objection | None:
    """A term is half-open: an application is on time while it is before the instant of its milestone."""
    last = tender.rulebook.reached_by("apply", tender.stage_now)
    due = tender.due_at(last.code) if last else None
    if tender.stage_now.kind != "prequalification" or due is None:
        return Objection("no_prequalification", _("This process does not receive applications now."))
    if at >= due:
        return Objection("too_late", _("Applications were received until %(due)s.") % {"due": instant(due)})
    return None


MAXIMUM_LAW = "Decreto 1082 de 2015, art. 2.2.1.2.1.3.6"


def _is_not_the_time(tender: Any, at: datetime) -> Found:
    """The acts of the entity come once the term to apply is over, and until the list is public."""
    last = tender.rulebook.reached_by("apply", tender.stage_now)
    due = tender.due_at(last.code) if last else None
    if tender.stage_now.kind != "prequalification" or due is None:
        yield Objection("no_prequalification", _("This process has no applications to judge now."))
    elif at < due:
        yield Objection("too_early", _("Applications are received until %(due)s.") % {"due": instant(due)})
    elif tender.has_list:
        yield Objection("already_done", _("The list is public and does not change."))


def _act(tender: Any, kind: str) -> Any:
    return tender.prequalification_acts.filter(kind=kind).first()


def candidacies_are_not_judged_now(tender: Any, at: datetime) -> Found:
    """Decisions may change until the list is public or, where there is a draw, until it is announced."""
    yield from _is_not_the_time(tender, at)
    if _act(tender, "draw") and not tender.has_list:
        sentence = _("The draw is announced: who takes part in it does not change any more.")
        yield Objection("already_done", sentence, "", MAXIMUM_LAW)


def qualify(tender: Any) -> int:
    return int(tender.candidacies.filter(is_listed=True).count())


def too_many_qualify(tender: Any) -> bool:
    return tender.list_maximum is not None and qualify(tender) > tender.list_maximum


def maximum_in_words(tender: Any) -> Text:
    """Whether the list has a maximum, as the notice must say."""
    most = tender.list_maximum
    if most is None:
        return _("The list has no maximum: everybody who qualifies is on it.")
    return _("At most %(most)s are on the list: if more qualify, a public draw in the hearing decides.") % {
        "most": most
    }


def hearing_has_not_come(tender: Any, at: datetime) -> Found:
    """What is done in the hearing comes after the report, when everybody has a decision."""
    yield from candidacies_wait(tender)
    if not _act(tender, "report"):
        yield Objection("report_missing", _("Publish first the report of the prequalification."))
    hearing = tender.rulebook.reached_by("list", tender.stage_now)
    due = tender.due_at(hearing.code) if hearing else None
    if due is not None and at < due:
        yield Objection("too_early", _("The hearing is at %(due)s.") % {"due": instant(due)})


def list_draw_is_too_soon(tender: Any, at: datetime) -> Found:
    """What stands against announcing the draw."""
    yield from candidacies_are_not_judged_now(tender, at)
    yield from hearing_has_not_come(tender, at)
    if not too_many_qualify(tender):
        sentence = _("There is a draw only where the notice says how many may be on the list and more qualify.")
        yield Objection("no_draw", sentence, "", MAXIMUM_LAW)


def draw_is_not_due(tender: Any) -> Objection | None:
    if hasattr(tender, "draw"):
        return Objection("no_draw_now", _("This process has no draw to hold now."))
    if not _act(tender, "draw"):
        return Objection("draw_not_announced", _("Announce the draw first, in the hearing."), "", MAXIMUM_LAW)
    return None


def draw_terms(tender: Any) -> tuple[list[str], int, datetime]:
    """Among whom, how many stay, and the instant after which the log must have been signed: as was announced."""
    told = _act(tender, "draw")
    suppliers = [row["supplier_code"] for row in told.record["candidacies"] if row["is_listed"]]
    return suppliers, told.record["stay"], told.done_at


def candidacies_wait(tender: Any) -> Found:
    for number in tender.candidacies.filter(is_listed=None).values_list("number", flat=True):
        sentence = _("Application %(number)s has no decision yet.") % {"number": number}
        yield Objection("candidacy_undecided", sentence, f"candidacy-{number}")


def prequalification_report_is_too_soon(tender: Any, at: datetime) -> Found:
    yield from candidacies_are_not_judged_now(tender, at)
    yield from candidacies_wait(tender)
    if tender.prequalification_acts.filter(kind="report").exists():
        yield Objection("already_done", _("The report of the prequalification is public."))


def list_is_too_soon(tender: Any, at: datetime) -> Found:
    """The list is made in its hearing, and after the draw where one is due."""
    yield from _is_not_the_time(tender, at)
    yield from hearing_has_not_come(tender, at)
    if too_many_qualify(tender) and not hasattr(tender, "draw"):
        sentence = _("%(n)s qualify and the list has at most %(most)s: hold the draw first.")
        told = {"n": qualify(tender), "most": tender.list_maximum}
        yield Objection("draw_missing", sentence % told, "", MAXIMUM_LAW)
