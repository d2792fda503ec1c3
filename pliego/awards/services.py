"""Deciding a process: award it, award it directly, or declare it void. Each decides once and for everybody."""

import io
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pliego.authority import gates
from pliego.awards import letters, rules
from pliego.awards.approvals import VARIANT, VOID
from pliego.awards.events import AwardMade, TenderDeserted
from pliego.awards.models import Award
from pliego.awards.policy import DECISION_POLICY, DecisionAct
from pliego.awards.states import AWARD
from pliego.conditions import dividing
from pliego.documents import services as documents
from pliego.documents.models import Document
from pliego.evaluation import services as evaluation_services
from pliego.evaluation import turns
from pliego.evaluation.models import Assessment, Evaluation
from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import next_public_id
from pliego.kernel.objections import Objection, refuse_if_any
from pliego.ledger import outbox
from pliego.parties.models import Account
from pliego.tendering import services as tendering
from pliego.tendering.models import Tender
from pliego.tendering.services.locking import locked
from pliego.web.fields import Upload


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided: to whom, for how much and why; of which lot, where there are lots."""

    supplier: Account
    value: Decimal
    reason: str = ""
    legal_basis: str = ""
    assessment: Assessment | None = None
    lot: int | None = None
    is_variant: bool = False
    papers: tuple[Document, ...] = ()


def decided_by(act: DecisionAct, *, actor: Actor, tender_id: int) -> Tender:
    """The locked process, when the actor may decide it so now."""
    tender = locked(tender_id)
    DECISION_POLICY.require(actor, act, tender)
    return tender


def evaluation_of(tender: Tender) -> Evaluation | None:
    return Evaluation.objects.select_for_update(of=("self",)).select_related("tender").filter(tender=tender).first()


@transaction.atomic
def award_tender(
    *, actor: Actor, tender_id: int, at: datetime, bid: str = "", reason: str = "", variant: bool = False
) -> Award:
    """Accept the first offer of the order, or its variant, or another that complies with reasons why not the first."""
    tender = decided_by(DecisionAct.AWARD, actor=actor, tender_id=tender_id)
    evaluation = evaluation_of(tender)
    refuse_if_any(
        rules.process_has_no_offers(tender, at),
        rules.process_is_divided(tender, at),
        rules.evaluation_is_not_over(evaluation, at),
    )
    assert evaluation is not None
    order = turns.candidates_of(evaluation)
    chosen = _assessment(evaluation, bid or (order[0].code if order else ""))
    value = chosen.bid.variant_amount if variant and chosen else turns.value_of(order, chosen)
    refuse_if_any(
        rules.first_place_is_tied(order),
        rules.offer_cannot_win(order, chosen, reason),
        rules.variant_cannot_win(order, chosen, reason) if variant else None,
        rules.price_is_not_agreed(evaluation, chosen),
        rules.value_is_wrong(tender, value) if value is not None else None,
    )
    assert chosen is not None
    assert value is not None
    gates.require("award", tender, actor=actor, option=f"{chosen.bid.code}{VARIANT if variant else ''}")
    decision = Decision(
        supplier=chosen.bid.supplier,
        value=value,
        reason=reason.strip(),
        legal_basis=tender.rulebook.evaluation.legal_basis,
        assessment=chosen,
        is_variant=variant,
    )
    return _made(tender, decision, actor, at)


def _assessment(evaluation: Evaluation, bid: str) -> Assessment | None:
    rows = evaluation.assessments.select_related("bid__supplier__organization")
    return rows.filter(bid__code=bid).first()


@transaction.atomic
def award_directly(
    *,
    actor: Actor,
    tender_id: int,
    supplier: str,
    value: Decimal,
    at: datetime,
    reason: str = "",
    justification: Upload | None = None,
) -> Award:
    """Contract directly with an invited supplier, on the ground of the law and with its act of justification."""
    tender = decided_by(DecisionAct.AWARD_DIRECTLY, actor=actor, tender_id=tender_id)
    invitations = tender.invitations.select_related("supplier__organization")
    invited = invitations.filter(supplier__code=supplier).first()
    unknown = None
    if invited is None:
        unknown = Objection("not_invited", _("Choose one of the suppliers invited to this process."), "supplier")
    has_document = bool(justification) or tender.documents.filter(kind="justification").exists()
    refuse_if_any(
        rules.process_has_offers(tender, at),
        unknown,
        rules.value_is_wrong(tender, value),
        rules.justification_is_missing(tender, has_document=has_document),
    )
    assert invited is not None
    gates.require("award", tender, actor=actor, option=supplier)
    papers = (_justified(tender, justification, actor, at),) if justification else ()
    causal = tender.rulebook.causal(tender.causal)
    decision = Decision(
        supplier=invited.supplier,
        value=value,
        reason=reason.strip() or tender.method_justification,
        legal_basis=causal.legal_basis if causal else tender.rulebook.legal_basis,
        papers=papers,
    )
    return _made(tender, decision, actor, at)


def _justified(tender: Tender, justification: Upload, actor: Actor, at: datetime) -> Document:
    return documents.take(
        actor=actor,
        value=justification,
        kind="justification",
        file=tender.ocid,
        audience="public",
        at=at,
        field="justification",
    )


def _made(tender: Tender, decision: Decision, actor: Actor, at: datetime) -> Award:
    """Write the decision down with its letter, move the process, and tell everybody."""
    award = written(tender, decision, actor, at)
    finish(tender, at)
    announce(award, decision, actor, at)
    return award


def finish(tender: Tender, at: datetime) -> None:
    """The process is awarded, and its evaluation over."""
    tendering.mark_awarded(tender_id=tender.pk, at=at)
    evaluation_services.mark_finished(tender_id=tender.pk, at=at)


def written(tender: Tender, decision: Decision, actor: Actor, at: datetime) -> Award:
    """The award with its letter; nobody has been told yet."""
    assert actor.user_id is not None
    award = Award(
        code=next_public_id("award"),
        tender=tender,
        lot=decision.lot,
        bid=decision.assessment.bid if decision.assessment else None,
        is_variant=decision.is_variant,
        supplier=decision.supplier,
        value_amount=decision.value,
        value_currency=tender.value_currency,
        reason=decision.reason[:4000],
        legal_basis=decision.legal_basis[:300],
        decided_by_id=actor.user_id,
        decided_at=at,
    )
    award.save()
    award.document = _letter(award, actor, at)
    AWARD.fire(award, "make", at=at)
    award.save()
    return award


def announce(award: Award, decision: Decision, actor: Actor, at: datetime) -> None:
    """Tell everybody of an award."""
    assert award.document is not None
    data = {
        "code": award.tender.code,
        "award": award.code,
        "bid": award.bid.code if award.bid else "",
        "supplier": decision.supplier.code,
        "supplier_name": decision.supplier.name,
        "value": str(award.value_amount),
        "currency": award.value_currency,
        "reason": award.reason,
        "legal_basis": award.legal_basis,
        **({"lot": award.lot} if award.lot else {}),
        **({"variant": True} if award.is_variant else {}),
    }
    hashes = (award.document.sha256, *(paper.sha256 for paper in decision.papers))
    event = AwardMade(file=award.file, subject_id=award.pk, data=data, documents=hashes)
    award.receipt = outbox.publish(event, actor=actor, at=at)


def _letter(award: Award, actor: Actor, at: datetime) -> Document:
    return documents.store(
        actor=actor,
        content=io.BytesIO(letters.render_acceptance(award, author=actor.name)),
        name=f"{letters.title_of(award)} {award.code}.pdf",
        kind="award",
        file=award.tender.ocid,
        audience="public",
        at=at,
    )


@transaction.atomic
def declare_deserted(*, actor: Actor, tender_id: int, reason: str, at: datetime) -> Award:
    """Declare the process void because there is nobody to award it to, with all its lots that are still open."""
    tender = decided_by(DecisionAct.DESERT, actor=actor, tender_id=tender_id)
    gates.require("award", tender, actor=actor, option=VOID)
    evaluation = evaluation_of(tender)
    has_offers = tender.bids.filter(state__in=("submitted", "opened")).exists()
    refuse_if_any(
        None if reason.strip() else Objection("missing", _("Write why the process is void."), "reason", rules.VOID_LAW),
        rules.evaluation_is_not_over(evaluation, at) if has_offers else None,
        rules.somebody_complies(evaluation),
    )
    assert actor.user_id is not None
    award = Award.objects.create(
        code=next_public_id("award"),
        tender=tender,
        reason=reason.strip(),
        legal_basis=rules.VOID_LAW,
        decided_by_id=actor.user_id,
        decided_at=at,
    )
    AWARD.fire(award, "desert", at=at)
    award.save(update_fields=["state"])
    dividing.mark_open_lots(tender_id=tender.pk, act="void", at=at)
    tendering.mark_deserted(tender_id=tender.pk, reason=award.reason, at=at)
    evaluation_services.mark_finished(tender_id=tender.pk, at=at)
    data = {"code": tender.code, "award": award.code, "reason": award.reason, "legal_basis": award.legal_basis}
    event = TenderDeserted(file=tender.ocid, subject_id=award.pk, data=data)
    award.receipt = outbox.publish(event, actor=actor, at=at)
    return award
