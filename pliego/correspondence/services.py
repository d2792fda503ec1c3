"""Writing about a process: the entity to everybody, to a group or to one; a supplier to the entity, in a case."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from pliego.codelists.words import fold
from pliego.correspondence.events import MessagePublished, MessageReceived, MessageSent
from pliego.correspondence.groups import GROUPS, known
from pliego.correspondence.models import Attachment, Case, Message, Recipient
from pliego.correspondence.policy import CASES, DELIVERIES, POLICY, Act, CaseAct, DeliveryAct
from pliego.correspondence.states import CASE
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, Refused, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account
from pliego.tendering.models import Tender
from pliego.tendering.services.locking import locked, person
from pliego.web.fields import Upload

MOST_FILES = 5
KIND = "message_document"


@dataclass(frozen=True)
class Words:
    """What is said, with its files: (where a refusal of it is shown, the file)."""

    text: str
    subject: str = ""
    files: Sequence[tuple[str, Upload]] = ()


def opened_for(act: Act, *, actor: Actor, tender_id: int) -> Tender:
    """The locked tender, when the actor may do this to it now."""
    tender = locked(tender_id)
    POLICY.require(actor, act, tender)
    return tender


@transaction.atomic
def write_message(
    *, actor: Actor, tender_id: int, group: str, words: Words, at: datetime, supplier: str = ""
) -> Message:
    """The entity writes to everybody, to a group, or to one supplier, with whom it opens a case."""
    tender = opened_for(Act.WRITE, actor=actor, tender_id=tender_id)
    chosen = GROUPS.get(group)
    account = _named(tender, supplier) if group == "supplier" else None
    nobody = group == "supplier" and account is None
    sentence = _("Choose one of the suppliers of whom it is known that they take part in this process.")
    refuse_if_any(
        chosen.refuse(tender) if chosen else Objection("unknown_group", _("Choose to whom you write."), "group"),
        Objection("unknown_supplier", sentence, "supplier") if nobody else None,
        _unwritten(words),
    )
    if account is not None:
        case = _new_case(tender, account.pk, words.subject, at)
        return _in_case(case, "answer", actor, words, at)
    assert chosen
    recipients = Account.objects.filter(chosen.reach(tender)).values_list("pk", flat=True)
    return _sent(tender, actor, group, words, recipients, at)


@transaction.atomic
def open_case(*, actor: Actor, tender_id: int, words: Words, at: datetime) -> Message:
    """A supplier writes to the entity about a process: a numbered case, which only the two of them read."""
    tender = opened_for(Act.OPEN_CASE, actor=actor, tender_id=tender_id)
    refuse_if_any(_unwritten(words))
    case = _new_case(tender, actor.account_id or 0, words.subject, at)
    return _in_case(case, "write", actor, words, at)


@transaction.atomic
def write_in_case(*, actor: Actor, case_id: int, words: Words, at: datetime) -> Message:
    """One more message of a case, of either side."""
    found = Case.objects.visible_to(actor).filter(pk=case_id).values_list("tender_id", flat=True).first()
    if found is None:
        raise Unknown()
    locked(found)
    case = Case.objects.select_related("tender__buyer__organization").get(pk=case_id)
    is_entity = actor.account_id == case.tender.buyer_id
    CASES.require(actor, CaseAct.ANSWER if is_entity else CaseAct.WRITE, case)
    words = Words(words.text, case.subject, words.files)
    refuse_if_any(_unwritten(words))
    return _in_case(case, "answer" if is_entity else "write", actor, words, at)


@transaction.atomic
def read_messages(*, actor: Actor, messages: Iterable[Message], at: datetime) -> int:
    """Note that the account has opened these messages. Opened before, or not its own, nothing happens."""
    rows = Recipient.objects.filter(message__in=list(messages), account_id=actor.account_id or 0, read_at__isnull=True)
    unread = [row.pk for row in rows if DELIVERIES.verdict(actor, DeliveryAct.OPEN, row)]
    return Recipient.objects.filter(pk__in=unread, read_at__isnull=True).update(read_at=at, read_by_id=actor.user_id)


def _named(tender: Tender, code: str) -> Account | None:
    """A supplier of whom it is known that it takes part; of any other the answer is the same, takes it part or not."""
    return Account.objects.filter(known(tender), Q(code=code)).first()


def _unwritten(words: Words) -> list[Objection]:
    missing = [
        Objection("missing", sentence, field)
        for field, text, sentence in (
            ("subject", words.subject, _("Write what it is about.")),
            ("text", words.text, _("Write the text.")),
        )
        if not text.strip()
    ]
    too_many = Objection("too_many_files", _("A message has at most five documents."), "document")
    return [*missing, too_many] if len(words.files) > MOST_FILES else missing


def _new_case(tender: Tender, account_id: int, subject: str, at: datetime) -> Case:
    last = tender.cases.aggregate(last=Max("number"))["last"] or 0
    return Case.objects.create(
        tender=tender,
        code=next_public_id("case"),
        number=last + 1,
        account_id=account_id,
        subject=subject.strip(),
        opened_at=at,
    )


def _in_case(case: Case, act: str, actor: Actor, words: Words, at: datetime) -> Message:
    CASE.fire(case, act, at=at)
    case.save(update_fields=["state"])
    is_entity = act == "answer"
    recipient = case.account_id if is_entity else case.tender.buyer_id
    group = "supplier" if is_entity else "entity"
    return _sent(case.tender, actor, group, words, [recipient], at, case)


def _sent(  # noqa: PLR0917
    tender: Tender, actor: Actor, group: str, words: Words, to: Iterable[int], at: datetime, case: Case | None = None
) -> Message:
    message = Message.objects.create(
        tender=tender,
        code=next_public_id("message"),
        number=(tender.messages.aggregate(last=Max("number"))["last"] or 0) + 1,
        case=case,
        group=group,
        author_id=actor.account_id or 0,
        written_by_id=person(actor),
        subject=words.subject.strip(),
        text=words.text.strip(),
        words=fold(f"{words.subject} {words.text}"),
        sent_at=at,
    )
    recipients = sorted(set(to))
    Recipient.objects.bulk_create(Recipient(message=message, account_id=account) for account in recipients)
    files = _attached(message, actor, words, recipients, at)
    message.receipt = outbox.publish(_event(message, case, files), actor=actor, at=at)
    message.save(update_fields=["receipt"])
    return message


def _attached(message: Message, actor: Actor, words: Words, to: list[int], at: datetime) -> list[Document]:
    """The files in the store, all or none, with every fault at its field."""
    told: dict[str, Any] = {"actor": actor, "kind": KIND, "file": message.tender.ocid, "at": at}
    told["audience"] = "public" if message.is_public else "participants"
    kept: list[Document] = []
    faults: list[Objection] = []
    for field, file in words.files:
        try:
            with transaction.atomic():
                kept.append(documents.take(value=file, field=field, **told))
        except Refused as refused:
            faults += refused.objections
    refuse_if_any(faults)
    if not message.is_public:
        for document in kept:
            documents.grant(document=document, account_ids=to, at=at)
    Attachment.objects.bulk_create(Attachment(message=message, document=document) for document in kept)
    return kept


def _event(message: Message, case: Case | None, files: list[Document]) -> Any:
    data = {
        "code": message.tender.code,
        "message": message.code,
        "number": message.number,
        "about": message.subject,
        "text": message.text,
        "to": message.group,
    }
    if case is not None:
        data |= {"case": case.code, "supplier": case.account.name}
    kind = MessagePublished if message.is_public else MessageSent if message.by_entity else MessageReceived
    hashes = tuple(document.sha256 for document in files)
    return kind(file=message.tender.ocid, subject_id=message.pk, data=data, documents=hashes)
