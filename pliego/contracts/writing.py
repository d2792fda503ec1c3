"""Writing a contract section by section, by several people at once, and the papers that each party attaches."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import Condition
from pliego.contracts import clauses, sections, versions
from pliego.contracts.holding import locked, note_author, opened_for
from pliego.contracts.models import Contract, ContractPaper, ContractVersion
from pliego.contracts.policy import Act
from pliego.contracts.sections import papers
from pliego.contracts.sections.terms import least_of, plain_rows
from pliego.documents import services as documents
from pliego.kernel.actors import Actor
from pliego.kernel.dates import instant
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.tendering.sections import Content, mark, plain
from pliego.web.fields import Upload


@transaction.atomic
def save_section(
    *, actor: Actor, contract_id: int, part: str, content: Content, at: datetime, seen: str = ""
) -> Contract:
    """Replace the content of a section of the draft. `seen` is the mark of what the writer had before them: when
    somebody saved another one meanwhile nothing is written, and the refusal says who."""
    contract = opened_for(Act.EDIT, actor=actor, contract_id=contract_id)
    section = sections.get(part)
    unless_changed(contract, section, seen)
    data = followed(contract, section, section.typed(content))
    refuse_if_any(section.wrong(contract, data))
    put(contract, section, data, actor, at)
    return contract


def put(contract: Contract, section: Condition, data: Any, actor: Actor, at: datetime) -> None:
    """Write a content down: what it changed was written here, and by whom."""
    before, after = section.plain(contract), plain(data)
    section.put(contract, data)
    row = contract.row_of(section.code)
    assert row is not None
    row.origins = {**row.origins, **{name: "typed" for name in after if after[name] != before[name]}}
    row.saved_by_id, row.saved_at = actor.user_id, at
    row.save(update_fields=["origins", "saved_by", "saved_at"])
    note_author(contract, actor)
    contract.save()


# The data of a contract that are changed all at once, and the section of each.
AT_ONCE = {
    "general": ("number", "title", "object", "duration", "duration_unit", "has_settlement"),
    "terms": ("delivery_place", "payment_terms", "covers"),
    "documents": ("clauses",),
    "budget": ("budget_certificate",),
}


def contents_of(contract: Contract, values: dict[str, Any]) -> list[tuple[Condition, Any]]:
    """The sections as they would be with those values; only those that change."""
    covers = {row["cover"]: row for row in plain_rows(sections.TERMS.content(contract))}
    rows = [covers.get(code) or least_of(contract, code) for code in values["covers"]]
    told = {**values, "covers": rows, "has_settlement": "yes" if values["has_settlement"] else "no"}
    found = []
    for code, names in AT_ONCE.items():
        section = sections.get(code)
        before = section.content(contract)
        after = section.typed({**plain(before), **{name: told[name] for name in names}})
        if after != before:
            found.append((section, after))
    return found


def keep_version(contract: Contract, at: datetime) -> None:
    """Keep what is sent, section by section: a contract that was taken back is sent as another version."""
    said = {section.code: section.plain(contract) for section in sections.SECTIONS}
    snapshot = {**versions.snapshot_of(contract), "sections": said}
    told = {"number": contract.version, "at": at, "snapshot": snapshot}
    ContractVersion.objects.create(contract=contract, **told)


def followed(contract: Contract, section: Condition, data: Any) -> Any:
    """The documents of the contract with the clauses of the template that was just chosen; of its variables, those of
    the same meaning keep their value. Who changed the clauses too loses none: they are told to save them first."""
    if section.code != "documents":
        return data
    before = section.content(contract)
    if data.template == before.template or not data.template:
        return data
    if before.articles and data.articles != before.articles:
        sentence = _(
            "You changed the clauses and the template at once. Save the clauses first and then choose another."
        )
        raise Refused(Objection("template_and_clauses", sentence, "template"))
    known = {row.label: row.value for row in data.variables}
    if (chosen := clauses.templates().get(data.template)) is None:
        return data
    variables = [{**row, "value": known.get(row["label"], "")} for row in chosen.variables]
    return section.typed({**plain(data), "articles": list(chosen.articles), "variables": variables})


def seen_now(contract: Contract, section: Condition) -> str:
    """The mark of what a section says now."""
    return mark(section.plain(contract))


def unless_changed(contract: Contract, section: Condition, seen: str) -> None:
    """Refuse to write over what somebody else saved after the writer looked."""
    if not seen or seen == seen_now(contract, section):
        return
    row = contract.row_of(section.code)
    if row is None or row.saved_by is None or row.saved_at is None:
        sentence = _("Somebody else saved this section after you opened it. Nothing was written over: compare both.")
        raise Refused(Objection("edited_meanwhile", sentence))
    sentence = _("%(name)s saved this section at %(at)s, after you opened it. Nothing was written over: compare both.")
    told = {"name": row.saved_by.full_name, "at": instant(row.saved_at)}
    raise Refused(Objection("edited_meanwhile", sentence % told))


def hold_section(*, contract_id: int, part: str, seen: str) -> None:
    """Hold the contract until the transaction of the caller ends, unless its section is no longer as it was seen."""
    unless_changed(locked(contract_id), sections.get(part), seen)


# ---- papers ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def attach_annex(*, actor: Actor, contract_id: int, title: str, document: Upload, at: datetime) -> ContractPaper:
    """Add an annex to the draft: it goes to the supplier with the contract, and is public once that is signed."""
    contract = opened_for(Act.EDIT, actor=actor, contract_id=contract_id)
    note_author(contract, actor)
    contract.save(update_fields=["authors"])
    return _attach(contract, actor, title, document, at, kind="contract_document", audience="account")


@transaction.atomic
def remove_annex(*, actor: Actor, contract_id: int, number: int, at: datetime) -> Contract:
    """Take an annex out of the draft. What the contractor brought is never taken out."""
    contract = opened_for(Act.EDIT, actor=actor, contract_id=contract_id)
    paper = contract.papers.filter(number=number).first()
    if paper is None or not paper.is_annex:
        raise Unknown()
    paper.delete()
    return contract


@transaction.atomic
def bring_paper(
    *, actor: Actor, contract_id: int, title: str, document: Upload, at: datetime, asked: str = ""
) -> ContractPaper:
    """The contractor brings a document: one that the contract asks for, or another. The entity reads it; nobody takes
    it out, and a better one is brought beside it."""
    contract = opened_for(Act.BRING_PAPER, actor=actor, contract_id=contract_id)
    if asked and asked not in papers.wanted(contract):
        raise Refused(Objection("not_asked", _("The contract does not ask for that document."), "asked"))
    told = {"kind": "supplier_document", "audience": "participants", "asked": asked}
    return _attach(contract, actor, title or asked, document, at, **told)


def _attach(
    contract: Contract, actor: Actor, title: str, document: Upload, at: datetime, *, asked: str = "", **told: Any
) -> ContractPaper:
    refuse_if_any(None if title.strip() else Objection("missing", _("Write the title of the document."), "title"))
    stored = documents.take(actor=actor, value=document, file=contract.file, at=at, field="document", **told)
    if told["audience"] == "participants":
        documents.grant(document=stored, account_ids=[contract.buyer_id, contract.supplier_id], at=at)
    last = contract.papers.aggregate(last=Max("number"))["last"] or 0
    assert actor.user_id is not None
    assert actor.account_id is not None
    return ContractPaper.objects.create(
        contract=contract,
        number=last + 1,
        asked=asked,
        title=title.strip()[:200],
        document=stored,
        account_id=actor.account_id,
        added_by_id=actor.user_id,
        added_at=at,
    )


def share_annexes(contract: Contract, at: datetime) -> None:
    """The annexes go to the supplier with the contract."""
    for paper in contract.papers.select_related("document"):
        if paper.is_annex:
            documents.disclose(documents=[paper.document], audience="participants", at=at)
            documents.grant(document=paper.document, account_ids=[contract.buyer_id, contract.supplier_id], at=at)


def papers_of(actor: Actor, contract: Contract) -> Iterator[ContractPaper]:
    """The annexes, for whoever may see the contract; what a contractor brought, for it and for both parties."""
    is_party = actor.account_id in {contract.buyer_id, contract.supplier_id}
    for paper in contract.papers.select_related("document", "account__organization"):
        paper.contract = contract
        if is_party or paper.is_annex or paper.account_id == actor.account_id:
            yield paper
