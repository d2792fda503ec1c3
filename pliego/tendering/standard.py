"""The standard document (documento tipo) that a process is made with, and what it does not let anybody change.

A change is refused when it leaves the document in a place where the content did not leave it before: what was already
otherwise can be mended step by step, and the publication asks for all of it.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Text, refuse_if_any
from pliego.methods import standards
from pliego.methods.standards import Breach, Fix, Question, Standard

Content = dict[str, Any]
Result = TypeVar("Result")
SECTION = "agreements"  # the section that says which one
INALTERABLE = "Decreto 1082 de 2015, art. 2.2.1.2.6.1.4"


def chosen_in(content: Content) -> Standard | None:
    """Which one that content of the section chooses, if it is one of the catalogue."""
    return standards.get(content.get("standard_document", "")) if content.get("standard") == "yes" else None


def of(tender: Any) -> Standard | None:
    """The document and version that the process was born under."""
    return chosen_in(tender.kept_section(SECTION))


def fixes(tender: Any, section: Any) -> bool:
    """Whether the document of the process fixes anything of that section."""
    standard = of(tender)
    return standard is not None and section.shape is not None and section.code in standard.sections


def breaches(tender: Any, part: str, content: Content) -> list[Objection]:
    """Where that content of a section leaves the document of the process."""
    standard = of(tender)
    return [_objection(standard, breach) for breach in standards.breaches(standard, part, content)] if standard else []


def _objection(standard: Standard, breach: Breach) -> Objection:
    told = {"title": breach.title, "says": breach.says, "document": str(standard)}
    if breach.place == "kind":
        sentence = _("“%(title)s” is not a question of the standard document %(document)s: take it out.")
    elif not breach.says:
        sentence = _("The standard document %(document)s asks for “%(title)s” once, as it is there: put it back.")
    elif breach.fix is not None and breach.fix.how == "bounded":
        sentence = _("“%(title)s” has a limit (%(says)s) in the standard document %(document)s: write it within.")
    else:
        sentence = _("“%(title)s” is fixed by the standard document %(document)s: %(says)s. Leave it so.")
    basis = breach.fix.legal_basis if breach.fix and breach.fix.legal_basis else INALTERABLE
    return Objection("standard_document", sentence % told, breach.place, basis)


def new_breaches(tender: Any, part: str, before: Content, after: Content) -> list[Objection]:
    """Those that a change makes."""
    known = {str(objection) for objection in breaches(tender, part, before)}
    return [objection for objection in breaches(tender, part, after) if str(objection) not in known]


def change_is_wrong(tender: Any, section: Any, after: Content) -> Iterator[Objection]:
    """What the document of the process says against another content of a section."""
    if section.code == SECTION and tender.is_public and of(tender) != chosen_in(after):
        sentence = _("A public process keeps the standard document with which it was published: leave the same one.")
        yield Objection("standard_document", sentence, "standard_document", standards.LAW)
    if (standard := of(tender)) and section.code in standard.sections:
        yield from new_breaches(tender, section.code, section.plain(tender), after)


def documents_asked(tender: Any) -> tuple[str, ...]:
    """The kinds of document that it asks the pliego to carry."""
    standard = of(tender)
    return standard.documents if standard else ()


def fill(tender: Any, sections: list[Any]) -> list[Any]:
    """Write what the document fixes into those sections of a draft; answers the sections that changed."""
    standard, changed = of(tender), []
    for section in sections if standard else ():
        before = section.plain(tender)
        after = standards.filled(standard, section.code, before, tender.rulebook)  # type: ignore[arg-type]
        if after != before:
            section.put(tender, section.typed(after))
            changed.append(section)
    return changed


def guards(part: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """A service that writes a section in its tables: what leaves the standard document undoes all of it."""

    def made(service: Callable[..., Result]) -> Callable[..., Result]:
        @wraps(service)
        @transaction.atomic
        def act(*, tender_id: int, **told: Any) -> Result:
            from pliego.tendering.models import Tender
            from pliego.tendering.sections import get

            tender = Tender.objects.filter(pk=tender_id).first()
            if tender is None or not (standard := of(tender)) or part not in standard.sections:
                return service(tender_id=tender_id, **told)
            section = get(part)
            before = section.plain(tender)
            result = service(tender_id=tender_id, **told)
            refuse_if_any(new_breaches(tender, part, before, section.plain(Tender.objects.get(pk=tender_id))))
            return result

        return act

    return made


def question_of(document: Standard | None, item: Any) -> Question | None:
    """The question of the document that this one is, while it says what the document fixes of it."""
    for asked in document.question if document else ():
        fixed = {"kind": asked.kind, **asked.says}
        if asked.title == item.title and all(standards.same(getattr(item, k), said) for k, said in fixed.items()):
            return asked
    return None


# ---- to be read ----------------------------------------------------------------------------------------------------

LOCKED: dict[str, Text] = {
    "locked": _("Fixed"),
    "bounded": _("Within limits"),
    "open": _("Yours to write"),
}


def told(tender: Any, part: str = "") -> dict[str, Any] | None:
    """The document and, of one section, what it fixes, what it bounds and what is the entity's."""
    if (standard := of(tender)) is None or (part and part not in {*standard.sections, *_open(standard)}):
        return None
    rows: list[tuple[Any, ...]] = [
        (fix.how, LOCKED[fix.how], fix.title, _says(fix), fix.legal_basis, fix.advice) for fix in standard.fixes(part)
    ]
    asked = standard.question if part == "questionnaire" else ()
    rows += [("locked", LOCKED["locked"], one.title, "", INALTERABLE, False) for one in asked]
    return {"document": standard, "act": standard.act, "rows": rows, "is_advice": standard.act_advice}


def _open(standard: Standard) -> list[str]:
    return [fix.section for fix in standard.fix]


def _says(fix: Fix) -> str:
    says = "" if isinstance(fix.value, list) or fix.how == "open" else standards.limits(fix)
    return " ".join(filter(None, [says + "." if says and fix.text else says, str(fix.text or "")]))


def locks(tender: Any, part: str, content: Content) -> dict[str, Fix]:
    """The places of a content, as forms name them, that nobody may change: the locked ones."""
    standard = of(tender)
    found: dict[str, Fix] = {}
    for fix in standard.fixes(part) if standard else ():
        if fix.how == "locked":
            found |= dict.fromkeys(standards.places(fix, content), fix)
    return found
