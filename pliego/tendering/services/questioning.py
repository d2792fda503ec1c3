"""Building the pliego: what the offer must answer, the price list, and the documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pliego.documents import kinds
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.tendering import rules
from pliego.tendering.codes import DOCUMENT_KINDS
from pliego.tendering.kinds import KINDS
from pliego.tendering.models import PriceLine, PriceLoad, QuestionnaireItem, Tender, TenderDocument
from pliego.tendering.policy import Act
from pliego.tendering.price_lists import PriceRow
from pliego.tendering.services.editing import note_saved, unless_changed
from pliego.tendering.services.locking import edited
from pliego.tendering.standard import guards
from pliego.web.fields import Upload

LARGEST_LIST = 20_000


def item_of(tender: Tender, number: int) -> QuestionnaireItem:
    if (item := tender.items.filter(number=number).first()) is None:
        raise Unknown()
    return item


@dataclass(frozen=True, kw_only=True)
class ItemData:
    """What a question says. What its kind does not take is left out when it is kept."""

    envelope: str
    kind: str
    title: str
    help: str = ""
    options: Sequence[str] = ()
    columns: Sequence[dict[str, str]] = ()
    row_titles: Sequence[str] = ()
    is_required: bool = True
    is_requirement: bool = False
    allows_confidential: bool = False
    needs_evidence: bool = False
    weight: Decimal | None = None
    lots: Sequence[int] = ()


@guards("questionnaire")
@transaction.atomic
def save_item(
    *, actor: Actor, tender_id: int, at: datetime, number: int | None = None, **question: Any
) -> QuestionnaireItem:
    """Add a question to the questionnaire, or change the one with that number. `question`: the fields of ItemData."""
    data = ItemData(**question)
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = item_of(tender, number) if number else QuestionnaireItem(tender=tender, number=_next_number(tender))
    refuse_if_any(rules.item_is_wrong(tender, item, data))
    kind = KINDS[data.kind]
    item.envelope, item.kind, item.title, item.help = data.envelope, data.kind, data.title, data.help
    item.options = list(data.options) if kind.asks == "options" else []
    item.columns = list(data.columns) if kind.asks == "columns" else []
    item.row_titles = list(data.row_titles) if kind.asks == "columns" else []
    item.is_required = data.is_required and "required" in kind.takes
    item.is_requirement = data.is_requirement and "requirement" in kind.takes
    item.allows_confidential = data.allows_confidential and "confidential" in kind.takes
    item.needs_evidence = data.needs_evidence and "evidence" in kind.takes
    item.weight = data.weight if "weight" in kind.takes else None
    item.lots = sorted(data.lots)
    item.save()
    note_saved(actor=actor, tender=tender, part="questionnaire", at=at)
    return item


@guards("questionnaire")
@transaction.atomic
def add_item(
    *, actor: Actor, tender_id: int, at: datetime, rows: Sequence[PriceRow] = (), **question: Any
) -> QuestionnaireItem:
    """Add a question and, when it is a price list, the lines that came with it."""
    item = save_item(actor=actor, tender_id=tender_id, at=at, **question)
    if rows:
        save_price_list(actor=actor, tender_id=tender_id, number=item.number, rows=rows, at=at)
    return item


def _next_number(tender: Tender) -> int:
    return (tender.items.aggregate(last=Max("number"))["last"] or 0) + 1


@guards("questionnaire")
@transaction.atomic
def remove_item(*, actor: Actor, tender_id: int, number: int, at: datetime) -> Tender:
    """Take a question out of the draft, and close the gap in the numbers."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = item_of(tender, number)
    item.price_lines.all().delete()
    PriceLoad.objects.filter(item=item).delete()
    item.delete()
    tender.items.filter(number__gt=number).update(number=F("number") - 1)
    return tender


@guards("questionnaire")
@transaction.atomic
def move_item(*, actor: Actor, tender_id: int, number: int, by: int, at: datetime) -> QuestionnaireItem:
    """Let a question change places with the one before it (`by` -1) or after it (1) in its envelope."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = item_of(tender, number)
    beside = tender.items.filter(envelope=item.envelope).order_by("number" if by > 0 else "-number")
    other = beside.filter(**{"number__gt" if by > 0 else "number__lt": number}).first()
    if other is None:
        sentence = _("This question is the last of its envelope.") if by > 0 else _("This question is the first one.")
        raise Refused(Objection("no_further", sentence))
    item.number, other.number = other.number, item.number
    for one in (item, other):
        one.save(update_fields=["number"])
    return item


@guards("questionnaire")
@transaction.atomic
def duplicate_item(*, actor: Actor, tender_id: int, number: int, at: datetime) -> QuestionnaireItem:
    """Put a copy of a question right after it, with the lines of its price list."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = item_of(tender, number)
    lines = list(item.price_lines.all())
    tender.items.filter(number__gt=number).update(number=F("number") + 1)
    item.pk, item._state.adding = None, True
    item.number, item.title = number + 1, (gettext("%(title)s (copy)") % {"title": item.title})[:300]
    item.save()
    for line in lines:
        line.pk, line.item = None, item
    PriceLine.objects.bulk_create(lines, batch_size=2000)
    return item


@guards("questionnaire")
@transaction.atomic
def save_price_list(
    *, actor: Actor, tender_id: int, number: int, rows: Sequence[PriceRow], at: datetime, seen: str = ""
) -> QuestionnaireItem:
    """Replace the lines of a price list, unless they are no longer those of that mark."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = item_of(tender, number)
    if item.kind != "price_list":
        raise Refused(Objection("not_a_price_list", _("This question is not a price list."), "rows"))
    if not 1 <= len(rows) <= LARGEST_LIST:
        sentence = _("A price list has from 1 to %(most)s lines.") % {"most": LARGEST_LIST}
        raise Refused(Objection("wrong_number_of_lines", sentence, "rows"))
    unless_changed(tender, "questionnaire", seen, number, lines=True)
    write_lines(item, rows)
    note_saved(actor=actor, tender=tender, part="questionnaire", at=at)
    return item


def write_lines(item: QuestionnaireItem, rows: Sequence[PriceRow]) -> None:
    """Put these lines in the place of those of the list, in this order."""
    item.price_lines.all().delete()
    PriceLine.objects.bulk_create(
        (
            PriceLine(
                tender_id=item.tender_id,
                item=item,
                number=place,
                unspsc=row.unspsc,
                description=row.description,
                quantity=row.quantity,
                unit=row.unit,
                reference_price_amount=row.reference_price,
            )
            for place, row in enumerate(rows, 1)
        ),
        batch_size=2000,
    )


def stored(*, actor: Actor, tender: Tender, content: Upload, at: datetime, field: str = "content") -> Document:
    """The file of a pliego in the store of documents, for its own people until the publication."""
    return documents.take(
        actor=actor,
        value=content,
        kind="tender_document",
        file=tender.ocid,
        audience="account",
        at=at,
        field=field,
    )


def kinds_of(tender: Tender) -> dict[str, str]:
    """The kinds of document that this pliego may carry: first those that its method asks for."""
    asked = {document.code: str(document.title) for document in rules.documents_to_attach(tender)}
    if tender.is_public:
        later = [document for document in tender.rulebook.documents if not document.generated]
        asked |= {document.code: str(document.title) for document in later}
    return asked | {code: str(kinds.KINDS[code].title) for code in DOCUMENT_KINDS if code not in asked}


@dataclass(frozen=True, kw_only=True)
class NewDocument:
    """A file for the pliego; `field` is where a refusal of it is shown."""

    kind: str
    content: Upload
    title: str = ""
    field: str = "content"


@transaction.atomic
def attach_documents(
    *, actor: Actor, tender_id: int, documents: Sequence[NewDocument], at: datetime
) -> list[TenderDocument]:
    """Put documents into the draft of the pliego, all or none. They stay closed until the publication."""
    tender = edited(actor, tender_id, Act.EDIT_DOCUMENTS)
    known = kinds_of(tender)
    faults: list[Objection] = []
    attached: list[TenderDocument] = []
    for new in documents:
        if new.kind not in known:
            faults.append(Objection("unknown_kind", _("Choose what this document is."), "kind"))
            continue
        try:
            with transaction.atomic():
                document = stored(actor=actor, tender=tender, content=new.content, at=at, field=new.field)
        except Refused as refused:
            faults += refused.objections
            continue
        title = (new.title or known[new.kind])[:200]
        attached.append(TenderDocument(tender=tender, document=document, kind=new.kind, title=title, added_at=at))
    refuse_if_any(faults)
    return TenderDocument.objects.bulk_create(attached)


def attach_document(
    *, actor: Actor, tender_id: int, kind: str, content: Upload, at: datetime, title: str = ""
) -> TenderDocument:
    """One document alone."""
    new = NewDocument(kind=kind, content=content, title=title)
    return attach_documents(actor=actor, tender_id=tender_id, documents=[new], at=at)[0]


@transaction.atomic
def remove_document(*, actor: Actor, tender_id: int, document_code: str, at: datetime) -> Tender:
    """Take a document out of the draft. Its bytes stay in the store, closed."""
    tender = edited(actor, tender_id, Act.EDIT_DOCUMENTS)
    removed, _by_table = tender.documents.filter(document__code=document_code).delete()
    if not removed:
        raise Unknown()
    return tender
