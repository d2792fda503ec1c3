"""Building the pliego over the API."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from ninja import Status

from pliego.accounts.models import User
from pliego.kernel.objections import Objection, Refused, Unknown
from pliego.methods import moving, schedule
from pliego.planning.models import PlanLine
from pliego.teams.api import TeamChoice
from pliego.tendering import openers, price_changes, price_lists, queries, reinforcing, sections, services
from pliego.tendering.api.router import router, tender_of
from pliego.tendering.api.schemas import (
    Budget,
    Checklist,
    CopyIn,
    DocumentIn,
    DocumentOut,
    Followed,
    FollowIn,
    GeneralIn,
    InvitationIn,
    InvitationsIn,
    ItemIn,
    ItemOut,
    Move,
    NewTender,
    Openers,
    OpeningIn,
    PlanLinesIn,
    PriceCheck,
    PriceLines,
    PriceText,
    Proposal,
    Schedule,
    SectionContent,
    SectionIn,
    TenderInvited,
    TenderOut,
    described,
    receipt,
)
from pliego.tendering.models import Invitation, Tender
from pliego.tendering.policy import POLICY, Act
from pliego.tendering.price_lists import PriceRow
from pliego.tendering.services.drafting import General
from pliego.web.fields import Upload
from pliego.web.http import Request


def _line_ids(request: Request, payload: PlanLinesIn) -> list[int]:
    """Of the lines by their numbers; 0, which no line has, for one that the plan lacks and for a plan without lines."""
    lines = PlanLine.objects.filter(plan__code=payload.plan, plan__account_id=request.actor.account_id or 0)
    known = dict(lines.filter(number__in=payload.plan_lines).values_list("number", "pk"))
    return [known.get(number, 0) for number in payload.plan_lines] or [0] * bool(payload.plan)


@router.post("/tenders", response={201: TenderOut}, operation_id="create_tender")
def create_tender(request: Request, payload: NewTender) -> Status[dict[str, Any]]:
    """Open the electronic file of a process, from lines of the entity's plan or with a reason for not being in it."""
    tender = services.create_tender(
        actor=request.actor,
        title=payload.title,
        reference=payload.reference,
        method=payload.method,
        plan_line_ids=_line_ids(request, payload),
        plan_justification=payload.plan_justification,
        team=payload.team,
        source_code=payload.copy_from,
        at=request.received_at,
    )
    return Status(201, described(tender))


@router.put("/tenders/{code}/team", response=TenderOut, operation_id="choose_tender_team")
def choose_tender_team(request: Request, code: str, payload: TeamChoice) -> dict[str, Any]:
    """Say which team edits the draft."""
    told: dict[str, Any] = {"actor": request.actor, "team": payload.team, "at": request.received_at}
    return described(services.choose_team(**told, tender_id=tender_of(request, code).pk))


@router.get("/tenders/{code}", response=TenderOut, operation_id="get_tender")
def get_tender(request: Request, code: str) -> dict[str, Any]:
    return described(tender_of(request, code))


@router.get("/tenders/{code}/checklist", response=Checklist, operation_id="get_checklist")
def get_checklist(request: Request, code: str) -> dict[str, Any]:
    """Each section of the pliego, and all that is missing or wrong in it."""
    tender = tender_of(request, code)
    POLICY.require(request.actor, Act.READ_DRAFT, tender)
    return {"sections": queries.checklist(tender, at=request.received_at)}


@router.put("/tenders/{code}/plan-lines", response=TenderOut, operation_id="choose_plan_lines")
def choose_plan_lines(request: Request, code: str, payload: PlanLinesIn) -> dict[str, Any]:
    """Say which lines of the plan the draft comes from, or why from none."""
    tender = services.choose_plan_lines(
        actor=request.actor,
        tender_id=tender_of(request, code).pk,
        line_ids=_line_ids(request, payload),
        justification=payload.plan_justification,
        at=request.received_at,
    )
    return described(tender)


@router.get("/tenders/{code}/sections/{part}", response=SectionContent, operation_id="get_section")
def get_section(request: Request, code: str, part: str) -> dict[str, Any]:
    """What a section of the pliego says; for the entity's people, as it is in the amendment in preparation."""
    tender = tender_of(request, code)
    section = sections.get(part, tender)
    if section.shape is None:
        raise Unknown()
    inside = POLICY.verdict(request.actor, Act.READ_DRAFT, tender)
    content = services.written(tender, section) if inside else section.plain(tender)
    origin = tender.origins.filter(part=part).first() if inside else None
    return {"code": part, "content": content, "seen": sections.mark(content), "origin": origin}


@router.put("/tenders/{code}/sections/{part}", response=SectionContent, operation_id="save_section")
def save_section(request: Request, code: str, part: str, payload: SectionIn) -> dict[str, Any]:
    """Replace the whole content of a section: in the draft, or in the amendment in preparation of a public process."""
    tender = services.save_section(
        actor=request.actor,
        tender_id=tender_of(request, code).pk,
        part=part,
        content=payload.content,
        seen=payload.seen,
        at=request.received_at,
    )
    content = services.written(tender, sections.get(part))
    return {"code": part, "content": content, "seen": sections.mark(content)}


@router.post("/tenders/{code}/copy", response=Checklist, operation_id="copy_sections")
def copy_sections(request: Request, code: str, payload: CopyIn) -> dict[str, Any]:
    """Fill the draft with sections of another process; answers the checklist as it is then."""
    tender = tender_of(request, code)
    told: dict[str, Any] = {"actor": request.actor, "tender_id": tender.pk, "at": request.received_at}
    services.copy_from(source_code=payload.source, parts=payload.parts, **told)
    tender = tender_of(request, code)
    return {"sections": queries.checklist(tender, at=request.received_at)}


@router.put("/tenders/{code}/general", response=TenderOut, operation_id="save_general")
def save_general(request: Request, code: str, payload: GeneralIn) -> dict[str, Any]:
    tender = tender_of(request, code)
    data = General(**payload.dict())
    return described(services.save_general(actor=request.actor, tender_id=tender.pk, data=data, at=request.received_at))


@router.get("/tenders/{code}/schedule/proposal", response=Proposal, operation_id="propose_tender_schedule")
def propose_tender_schedule(request: Request, code: str, start: datetime | None = None) -> dict[str, Any]:
    """The earliest legal schedule that starts then (or now), and how far each date may move by itself."""
    tender = tender_of(request, code)
    return _explained(tender, schedule.propose(tender.rulebook, start or request.received_at), request.received_at)


def _explained(tender: Any, milestones: dict[str, datetime], at: datetime) -> dict[str, Any]:
    reasons = {
        milestone: [reason.sentence for reason in schedule.reasons(tender.rulebook, milestone, milestones)]
        for milestone in milestones
    }
    return {
        "milestones": milestones,
        "reasons": reasons,
        "slack": moving.slacks(tender.rulebook, milestones, at),
    }


@router.post("/tenders/{code}/schedule/follow", response=Followed, operation_id="follow_tender_schedule")
def follow_tender_schedule(request: Request, code: str, payload: FollowIn) -> dict[str, Any]:
    """What has to move when one date changes: only what became illegal, as little as it can. Nothing is written."""
    tender = tender_of(request, code)
    POLICY.require(request.actor, Act.EDIT_SCHEDULE, tender)
    at, before = request.received_at, payload.milestones
    if not all(tender.rulebook.has_milestone(milestone) for milestone in [*before, payload.changed]):
        raise Refused(Objection("unknown_milestone", _("The schedule has no such milestone."), "changed"))
    after = moving.follow(tender.rulebook, before, payload.changed, at)
    moved = [milestone for milestone, due in after.items() if due != before[milestone]]
    wrong = [str(objection) for objection in schedule.objections(tender.rulebook, after, at)]
    return {**_explained(tender, after, at), "moved": moved, "objections": wrong}


@router.put("/tenders/{code}/schedule", response=TenderOut, operation_id="save_schedule")
def save_schedule(request: Request, code: str, payload: Schedule) -> dict[str, Any]:
    tender = tender_of(request, code)
    return described(
        services.save_schedule(
            actor=request.actor, tender_id=tender.pk, milestones=payload.milestones, at=request.received_at
        )
    )


@router.post("/tenders/{code}/items", response={201: ItemOut}, operation_id="add_item")
def add_item(request: Request, code: str, payload: ItemIn) -> Status[Any]:
    tender = tender_of(request, code)
    return Status(
        201, services.save_item(actor=request.actor, tender_id=tender.pk, at=request.received_at, **payload.dict())
    )


@router.put("/tenders/{code}/items/{number}", response=ItemOut, operation_id="edit_item")
def edit_item(request: Request, code: str, number: int, payload: ItemIn) -> Any:
    tender = tender_of(request, code)
    return services.save_item(
        actor=request.actor, tender_id=tender.pk, number=number, at=request.received_at, **payload.dict()
    )


@router.delete("/tenders/{code}/items/{number}", response=TenderOut, operation_id="remove_item")
def remove_item(request: Request, code: str, number: int) -> dict[str, Any]:
    tender = tender_of(request, code)
    return described(
        services.remove_item(actor=request.actor, tender_id=tender.pk, number=number, at=request.received_at)
    )


@router.post("/tenders/{code}/items/{number}/move", response=ItemOut, operation_id="move_item")
def move_item(request: Request, code: str, number: int, payload: Move) -> Any:
    """Let a question change places with its neighbour in the envelope."""
    told: dict[str, Any] = {"actor": request.actor, "number": number, "at": request.received_at}
    return services.move_item(**told, tender_id=tender_of(request, code).pk, by=payload.by)


@router.post("/tenders/{code}/items/{number}/duplicate", response={201: ItemOut}, operation_id="duplicate_item")
def duplicate_item(request: Request, code: str, number: int) -> Status[Any]:
    """Put a copy of a question after it, with the lines of its price list."""
    told: dict[str, Any] = {"actor": request.actor, "number": number, "at": request.received_at}
    return Status(201, services.duplicate_item(**told, tender_id=tender_of(request, code).pk))


@router.post("/tenders/{code}/items/{number}/price-lines/check", response=PriceCheck, operation_id="check_price_list")
def check_price_list(request: Request, code: str, number: int, payload: PriceText) -> dict[str, Any]:
    """Read rows as the page does, however their columns are called: the errors, and what they would change. Nothing is
    written."""
    tender = tender_of(request, code)
    POLICY.require(request.actor, Act.EDIT_QUESTIONNAIRE, tender)
    found = price_lists.survey(text=payload.text)
    present = [price_changes.row_of(line) for line in services.list_of(tender, number).price_lines.all()]
    changes = [change.kind for change in price_changes.differences(present, found.rows, found.numbers)]
    counts = {kind: changes.count(kind) for kind in ("added", "changed", "removed")}
    seen = services.seen_now(tender, "questionnaire", number, lines=True)
    return {"lines": len(found.rows), "seen": seen, "faults": found.faults, "ignored": found.ignored, **counts}


@router.put("/tenders/{code}/items/{number}/price-lines", response=ItemOut, operation_id="save_price_list")
def save_price_list(request: Request, code: str, number: int, payload: PriceLines) -> Any:
    tender = tender_of(request, code)
    rows = [PriceRow(**line.dict()) for line in payload.lines]
    told: dict[str, Any] = {"rows": rows, "seen": payload.seen, "at": request.received_at}
    return services.save_price_list(actor=request.actor, tender_id=tender.pk, number=number, **told)


@router.post("/tenders/{code}/documents", response={201: DocumentOut}, operation_id="attach_document")
def attach_document(request: Request, code: str, payload: DocumentIn) -> Status[dict[str, Any]]:
    """Attach a finished upload (kind `tender_document`) to the draft."""
    tender = tender_of(request, code)
    attached = services.attach_document(
        actor=request.actor,
        tender_id=tender.pk,
        kind=payload.kind,
        title=payload.title,
        content=Upload(upload_id=payload.upload),
        at=request.received_at,
    )
    return Status(
        201,
        {
            "code": attached.document.code,
            "kind": attached.kind,
            "title": attached.title,
            "sha256": attached.document.sha256,
        },
    )


@router.delete("/tenders/{code}/documents/{document}", response=TenderOut, operation_id="remove_document")
def remove_document(request: Request, code: str, document: str) -> dict[str, Any]:
    tender = tender_of(request, code)
    return described(
        services.remove_document(
            actor=request.actor, tender_id=tender.pk, document_code=document, at=request.received_at
        )
    )


@router.put("/tenders/{code}/budget", response=TenderOut, operation_id="save_budget")
def save_budget(request: Request, code: str, payload: Budget) -> dict[str, Any]:
    tender = tender_of(request, code)
    return described(
        services.save_budget(actor=request.actor, tender_id=tender.pk, at=request.received_at, **payload.dict())
    )


@router.get("/tenders/{code}/openers", response=Openers, operation_id="get_openers")
def get_openers(request: Request, code: str) -> dict[str, Any]:
    """Who may hold a share of the opening, and whether they have a key."""
    tender = tender_of(request, code)
    POLICY.require(request.actor, Act.READ_DRAFT, tender)
    seen = services.seen_now(tender, "opening") if tender.has_bidding else ""
    people = queries.people_who_may_open(tender)
    usual = openers.usual_of(tender, len(people))
    cautions = openers.cautions(usual, tender.opening_threshold, tender.opening_members.count())
    cautions += reinforcing.cautions(tender)
    advice = openers.reinforcement_of(tender)
    told = {"cautions": cautions, "keeper": tender.custodian_keeper, "reinforcement": advice}
    return {"people": people, "seen": seen, "usual": usual, **told}


@router.put("/tenders/{code}/opening", response=TenderOut, operation_id="choose_opening_members")
def choose_opening_members(request: Request, code: str, payload: OpeningIn) -> dict[str, Any]:
    tender = tender_of(request, code)
    ids = dict(User.objects.filter(code__in=[m.person for m in payload.members]).values_list("code", "pk"))
    if unknown := [m.person for m in payload.members if m.person not in ids]:
        raise Refused(Objection("unknown_member", f"{', '.join(unknown)}?", "members"))
    members = [(ids[member.person], member.capacity) for member in payload.members]
    return described(
        services.choose_opening_members(
            actor=request.actor,
            tender_id=tender.pk,
            threshold=payload.threshold,
            members=members,
            reinforced=payload.reinforced,
            reinforced_reason=payload.reinforced_reason,
            seen=payload.seen,
            at=request.received_at,
        )
    )


@router.post("/tenders/{code}/invitations", response={201: TenderInvited}, operation_id="invite_supplier")
def invite_supplier(request: Request, code: str, payload: InvitationIn) -> Status[dict[str, Any]]:
    """As the invitation of several, with one."""
    tender = tender_of(request, code)
    made = services.invite_supplier(
        actor=request.actor, tender_id=tender.pk, supplier_code=payload.supplier, at=request.received_at
    )
    return Status(201, _invited(tender, made))


@router.put("/tenders/{code}/invitations", response=TenderInvited, operation_id="invite_suppliers")
def invite_suppliers(request: Request, code: str, payload: InvitationsIn) -> dict[str, Any]:
    """Invite several at once: all of them, or none and what stands against each. Those invited before stay.

    Also while the process receives offers: where anybody may offer those invited are told, no more. Where only the
    invited may, it is a public act that admits them: binding, needs a fresh step-up.
    """
    tender = tender_of(request, code)
    told: dict[str, Any] = {"supplier_codes": payload.suppliers, "at": request.received_at}
    made = services.invite_suppliers(actor=request.actor, tender_id=tender.pk, **told)
    return _invited(tender, made[0])


def _invited(tender: Tender, made: Invitation) -> dict[str, Any]:
    return {**described(tender), "receipt": receipt(made.receipt) if made.receipt else None}


@router.delete("/tenders/{code}/invitations/{supplier}", response=TenderOut, operation_id="withdraw_invitation")
def withdraw_invitation(request: Request, code: str, supplier: str) -> dict[str, Any]:
    tender = tender_of(request, code)
    return described(
        services.withdraw_invitation(
            actor=request.actor, tender_id=tender.pk, supplier_code=supplier, at=request.received_at
        )
    )
