"""Building the pliego: what the offer must answer, the price list, and the documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from pliego.documents import kinds
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.tendering import rules
from pliego.tendering.codes import DOCUMENT_KINDS
from pliego.tendering.models import PriceLine, QuestionnaireItem, Tender, TenderDocument
from pliego.tendering.policy import Act
from pliego.tendering.price_lists import PriceRow
from pliego.tendering.services.locking import edited
from pliego.web.fields import Upload

LARGEST_LIST = 20_000


def _item(tender: Tender, number: int) -> QuestionnaireItem:
    if (item := tender.items.filter(number=number).first()) is None:
        raise Unknown()
    return item


@transaction.atomic
def save_item(
    *,
    actor: Actor,
    tender_id: int,
    at: datetime,
    number: int | None = None,
    envelope: str,
    kind: str,
    title: str,
    help: str = "",
    options: Sequence[str] = (),
    is_required: bool = True,
    is_requirement: bool = False,
) -> QuestionnaireItem:
    """Add a question to the questionnaire, or change the one with that number."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = _item(tender, number) if number else QuestionnaireItem(tender=tender, number=_next_number(tender))
    refuse_if_any(rules.item_is_wrong(tender, item, envelope=envelope, kind=kind, options=options))
    item.envelope, item.kind, item.title, item.help = envelope, kind, title, help
    item.options = list(options) if kind == "choice" else []
    item.is_required = is_required and kind != "info"
    item.is_requirement = is_requirement and kind != "info"
    item.save()
    return item


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


@transaction.atomic
def remove_item(*, actor: Actor, tender_id: int, number: int, at: datetime) -> Tender:
    """Take a question out of the draft, and close the gap in the numbers."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = _item(tender, number)
    item.price_lines.all().delete()
    item.delete()
    for new, kept in enumerate(tender.items.order_by("number"), 1):
        if kept.number != new:
            tender.items.filter(pk=kept.pk).update(number=new)
    return tender


@transaction.atomic
def save_price_list(
    *, actor: Actor, tender_id: int, number: int, rows: Sequence[PriceRow], at: datetime
) -> QuestionnaireItem:
    """Replace the lines of a price list."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = _item(tender, number)
    if item.kind != "price_list":
        raise Refused(Objection("not_a_price_list", _("This question is not a price list."), "rows"))
    if not 1 <= len(rows) <= LARGEST_LIST:
        sentence = _("A price list has from 1 to %(most)s lines.") % {"most": LARGEST_LIST}
        raise Refused(Objection("wrong_number_of_lines", sentence, "rows"))
    item.price_lines.all().delete()
    PriceLine.objects.bulk_create(
        (
            PriceLine(
                tender=tender,
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
    return item


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
