"""Prequalification: who asks to be on the list of those who may offer, what is decided on each, and the list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.kernel.actors import Actor
from pliego.kernel.objections import Objection, Unknown, refuse_if_any
from pliego.ledger import outbox
from pliego.tendering import listing
from pliego.tendering.events import (
    CandidacyDecided,
    CandidacyPresented,
    ListDrawAnnounced,
    ListMade,
    PrequalificationReported,
)
from pliego.tendering.models import Candidacy, PrequalificationAct, Tender
from pliego.tendering.policy import Act
from pliego.tendering.services.locking import opened_for, person
from pliego.web.fields import Upload

ANNOUNCED = {"report": PrequalificationReported, "draw": ListDrawAnnounced, "list": ListMade}


@transaction.atomic
def apply_for_list(
    *, actor: Actor, tender_id: int, statement: str, papers: Sequence[Upload], at: datetime
) -> Candidacy:
    """Ask in time, with documents, that the account be on the list of those who may offer."""
    tender = opened_for(Act.APPLY, actor=actor, tender_id=tender_id)
    again = tender.candidacies.filter(supplier_id=actor.account_id).exists()
    done = Objection("already_done", _("Your account has already applied.")) if again else None
    bare = None if papers else Objection("missing", _("Add at least one document."), "papers")
    refuse_if_any(listing.applying_is_over(tender, at), done, bare)
    candidacy = Candidacy.objects.create(
        tender=tender,
        number=tender.candidacies.count() + 1,
        supplier_id=actor.account_id or 0,
        statement=statement.strip(),
        applied_by_id=person(actor),
        applied_at=at,
    )
    kept = [_kept(paper, tender, actor, at) for paper in papers]
    candidacy.documents.set(kept)
    data = {"code": tender.code, "title": tender.title, "number": candidacy.number}
    data |= {"supplier": actor.account_name, "supplier_code": actor.account_code}
    hashes = tuple(dict.fromkeys(document.sha256 for document in kept))
    event = CandidacyPresented(file=tender.ocid, subject_id=tender.pk, data=data, documents=hashes)
    candidacy.receipt = outbox.publish(event, actor=actor, at=at)
    return candidacy


def _kept(paper: Upload, tender: Tender, actor: Actor, at: datetime) -> Document:
    """Read by the entity and by its owner until the report makes it public."""
    where = {"file": tender.ocid, "audience": "participants", "field": "papers"}
    document = documents.take(actor=actor, value=paper, kind="bid_document", at=at, **where)
    documents.grant(document=document, account_ids=[tender.buyer_id], at=at)
    return document


@transaction.atomic
def judge_candidacy(
    *, actor: Actor, tender_id: int, number: int, is_listed: bool, reasons: str, at: datetime
) -> Candidacy:
    """Decide whether an applicant is on the list. It may be done anew until the list is public."""
    tender = opened_for(Act.JUDGE_CANDIDACY, actor=actor, tender_id=tender_id)
    candidacy = tender.candidacies.select_related("supplier__organization").filter(number=number).first()
    if candidacy is None:
        raise Unknown()
    why = None if is_listed or reasons.strip() else Objection("missing", _("Write the reasons."), "reasons")
    refuse_if_any(listing.candidacies_are_not_judged_now(tender, at), why)
    candidacy.is_listed, candidacy.reasons = is_listed, reasons.strip()
    candidacy.decided_by_id, candidacy.decided_at = person(actor), at
    candidacy.save(update_fields=["is_listed", "reasons", "decided_by", "decided_at"])
    data = {"code": tender.code, **_told(candidacy)}
    event = CandidacyDecided(file=tender.ocid, subject_id=tender.pk, data=data)
    candidacy.receipt = outbox.publish(event, actor=actor, at=at)
    return candidacy


@transaction.atomic
def report_prequalification(*, actor: Actor, tender_id: int, at: datetime) -> PrequalificationAct:
    """Make public what was decided on each applicant, with the documents of all, for them to prepare the hearing."""
    tender = opened_for(Act.REPORT_PREQUALIFICATION, actor=actor, tender_id=tender_id)
    refuse_if_any(listing.prequalification_report_is_too_soon(tender, at))
    papers = Document.objects.filter(pk__in=tender.candidacies.values("documents"))
    documents.disclose(documents=list(papers), audience="public", at=at)
    return _announced(tender, "report", actor, at)


@transaction.atomic
def announce_list_draw(*, actor: Actor, tender_id: int, at: datetime) -> PrequalificationAct:
    """Say in the hearing among whom chance decides. From now on no decision changes, and the seed is not known yet."""
    tender = opened_for(Act.DRAW, actor=actor, tender_id=tender_id)
    refuse_if_any(listing.list_draw_is_too_soon(tender, at))
    return _announced(tender, "draw", actor, at, stay=tender.list_maximum)


@transaction.atomic
def make_list(*, actor: Actor, tender_id: int, at: datetime) -> PrequalificationAct:
    """Make the list in its hearing: from now on only those on it may offer."""
    tender = opened_for(Act.MAKE_LIST, actor=actor, tender_id=tender_id)
    refuse_if_any(listing.list_is_too_soon(tender, at))
    return _announced(tender, "list", actor, at)


def _announced(tender: Tender, kind: str, actor: Actor, at: datetime, **more: Any) -> PrequalificationAct:
    rows = [_told(row) for row in tender.candidacies.select_related("supplier__organization")]
    record = {"candidacies": rows, **more}
    act = PrequalificationAct.objects.create(
        tender=tender, kind=kind, record=record, done_by_id=person(actor), done_at=at
    )
    data = {"code": tender.code, "title": tender.title, **record}
    act.receipt = outbox.publish(ANNOUNCED[kind](file=tender.ocid, subject_id=tender.pk, data=data), actor=actor, at=at)
    return act


def _told(candidacy: Candidacy) -> dict[str, Any]:
    return {
        "number": candidacy.number,
        "supplier": candidacy.supplier.name,
        "supplier_code": candidacy.supplier.code,
        "is_listed": candidacy.is_listed,
        "reasons": candidacy.reasons,
        "stays": candidacy.stays,
    }
