"""What goes into and comes out of the API of this room."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import ninja
from pydantic import AwareDatetime, Field

from pliego.methods.api import SlackOut
from pliego.tendering.models import Tender
from pliego.tendering.snapshots import iso, snapshot_of
from pliego.web.api import Receipt, Schema, example

Code = Annotated[str, Field(max_length=60)]
Unspsc = Annotated[str, Field(max_length=8)]
Title = Annotated[str, Field(max_length=200)]
Seen = Annotated[str, Field(max_length=64, description="The mark that was given; refused if it changed since")]
Prose = Annotated[str, Field(max_length=2000)]
Amount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]
Milestones = Annotated[dict[Annotated[str, Field(max_length=40)], AwareDatetime], Field(max_length=40)]


class PlanLinesIn(Schema):
    model_config = example(plan_justification="Surgió después de publicar el plan")

    plan: Annotated[str, Field(max_length=24, description="Code of the entity's plan")] = ""
    plan_lines: Annotated[list[int], Field(max_length=200, description="Numbers of its lines")] = []
    plan_justification: Prose = ""


class NewTender(PlanLinesIn):
    model_config = example(
        title="Compra de computadores",
        reference="MC-014-2026",
        method="minima_cuantia",
        plan_justification="Surgió después de publicar el plan",
    )

    title: Annotated[str, Field(min_length=1, max_length=200)]
    reference: Annotated[str, Field(min_length=1, max_length=60)]
    method: Code = ""
    team: Annotated[str, Field(max_length=20, description="Code of the team that edits it, where teams are on")] = ""
    copy_from: Annotated[
        str, Field(max_length=24, description="Code of a process or template whose sections are copied")
    ] = ""


class GeneralIn(Schema):
    model_config = example(
        title="Compra de computadores",
        description="Compra de computadores para la sede",
        unspsc_main="43211500",
        contract_type="goods",
        value_amount="38000000.00",
        duration=2,
        duration_unit="months",
        delivery_municipality="73001",
        plan_justification="Surgió después de publicar el plan",
    )

    title: Title
    description: Annotated[str, Field(max_length=500)] = ""
    unspsc_main: Unspsc = ""
    unspsc_additional: Annotated[list[Unspsc], Field(max_length=50)] = []
    contract_type: Code = ""
    value_amount: Amount | None = None
    duration: Annotated[int | None, Field(ge=1, le=10_000)] = None
    duration_unit: Annotated[str, Field(max_length=10)] = ""
    delivery_municipality: Annotated[str, Field(max_length=5)] = ""
    delivery_address: Title = ""
    plan_justification: Prose = ""
    causal: Code = ""
    method_justification: Prose = ""


class Schedule(Schema):
    model_config = example(milestones={})

    milestones: Milestones


class Proposal(ninja.Schema):
    milestones: dict[str, datetime]
    reasons: dict[str, list[str]]
    slack: dict[str, SlackOut]


class FollowIn(Schema):
    """A schedule in which one date was changed."""

    model_config = example(milestones={}, changed="bids_due")

    milestones: Milestones
    changed: Code


class Followed(Proposal):
    """The schedule after it; `moved` are the dates that the change made illegal, `objections` what is still wrong."""

    moved: list[str]
    objections: list[str]


class ColumnIn(Schema):
    title: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Annotated[str, Field(max_length=20, description="text, number, money, date or yes_no")] = "text"


class ItemIn(Schema):
    model_config = example(envelope="offer", kind="file", title="Certificado de experiencia", is_requirement=True)

    envelope: Code
    kind: Annotated[str, Field(max_length=20)]
    title: Annotated[str, Field(min_length=1, max_length=300)]
    help: Prose = ""
    options: Annotated[list[Title], Field(max_length=100)] = []
    columns: Annotated[list[ColumnIn], Field(max_length=20, description="Of a table")] = []
    row_titles: Annotated[list[Title], Field(max_length=200, description="None: the bidder adds rows")] = []
    is_required: bool = True
    is_requirement: bool = False
    allows_confidential: bool = False
    needs_evidence: Annotated[bool, Field(description="The answer must bring a file")] = False
    weight: Annotated[Decimal | None, Field(gt=0, max_digits=7, decimal_places=3, description="Points")] = None
    lots: Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=500, description="None: all the lots")] = []


class ItemOut(ninja.Schema):
    number: int
    envelope: str
    kind: str
    title: str
    help: str
    options: list[str]
    columns: list[dict[str, str]]
    row_titles: list[str]
    is_required: bool
    is_requirement: bool
    allows_confidential: bool
    needs_evidence: bool
    weight: Decimal | None
    lots: list[int]


class Move(Schema):
    model_config = example(by=1)

    by: Annotated[Literal[-1, 1], Field(description="-1: up, 1: down, among the questions of its envelope")]


class PriceText(Schema):
    model_config = example(text="Descripción;Cantidad;Unidad\nResma de papel;120;unidad")

    text: Annotated[str, Field(max_length=5_000_000, description="CSV, or rows copied from a spreadsheet")]


class RowFault(ninja.Schema):
    row: int
    column: str
    value: str
    sentence: str


class PriceCheck(ninja.Schema):
    lines: int
    seen: Annotated[str, Field(description="The mark of the list as it is now: give it back when you save its lines")]
    faults: list[RowFault]
    ignored: list[str]
    added: int
    changed: int
    removed: int


class PriceLineIn(Schema):
    model_config = example(description="Computador portátil", quantity="8", unit="unidad", unspsc="43211500")

    description: Annotated[str, Field(min_length=1, max_length=500)]
    quantity: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4)]
    unit: Annotated[str, Field(min_length=1, max_length=40)]
    unspsc: Annotated[str, Field(pattern=r"^(\d{8})?$")] = ""
    reference_price: Amount | None = None


class PriceLines(Schema):
    lines: Annotated[list[PriceLineIn], Field(min_length=1, max_length=20_000)]
    seen: Seen = ""


class DocumentIn(Schema):
    model_config = example(upload="CRG-1", kind="annex", title="Planos")

    upload: Annotated[str, Field(max_length=100)]
    kind: Code
    title: Title = ""


class DocumentOut(ninja.Schema):
    code: str
    kind: str
    title: str
    sha256: str


class Budget(Schema):
    model_config = example(number="CDP-2041", amount="40000000.00", funding_source="own")

    number: Annotated[str, Field(max_length=60)]
    amount: Amount | None = None
    funding_source: Annotated[str, Field(max_length=12)] = ""


class MemberIn(Schema):
    person: Annotated[str, Field(max_length=20)]
    capacity: Annotated[str, Field(max_length=40)]


class OpeningIn(Schema):
    threshold: Annotated[int, Field(ge=2, le=20)]
    members: Annotated[list[MemberIn], Field(max_length=20)]
    reinforced: bool = False
    reinforced_reason: Annotated[Prose, Field(description="Why, where it is reinforced; it is public")] = ""
    seen: Seen = ""


class OpenerOut(ninja.Schema):
    code: str
    name: str
    capacity: str
    has_key: bool


class UsualOpening(ninja.Schema):
    threshold: int
    members: int
    sentence: str


class Openers(ninja.Schema):
    people: list[OpenerOut]
    usual: Annotated[UsualOpening, Field(description="For a process and an entity of this size: advice, not a rule")]
    cautions: Annotated[list[str], Field(description="What to think of in what is chosen now")]
    keeper: Annotated[str, Field(description="Who keeps the time custodian, when it is neither operator nor entity")]
    reinforcement: Annotated[
        str, Field(description="Where the reinforced mode is recommended, why: advice, not a rule")
    ]
    seen: Annotated[str, Field(description="The mark of those chosen now: give it back when you choose others")]


class InvitationIn(Schema):
    model_config = example(supplier="PLG.CTA.1")

    supplier: Annotated[str, Field(max_length=24)]


class InvitationsIn(Schema):
    model_config = example(suppliers=["PLG.CTA.1", "PLG.CTA.2"])

    suppliers: Annotated[list[Annotated[str, Field(max_length=24)]], Field(min_length=1, max_length=50)]


class Reason(Schema):
    model_config = example(reason="Falta el estudio del mercado")

    reason: Annotated[str, Field(min_length=1, max_length=4000)]


class Cancellation(Schema):
    model_config = example(reason="La necesidad desapareció", legal_basis="Ley 1437 de 2011, art. 93")

    reason: Annotated[str, Field(max_length=4000)]
    legal_basis: Annotated[str, Field(max_length=300)]


class SuspensionIn(Schema):
    model_config = example(
        reason="Un juez lo ordenó", legal_basis="Auto 12 de 2026, Juzgado 3 Administrativo", planned_on="2026-12-14"
    )

    reason: Annotated[str, Field(max_length=4000)]
    legal_basis: Annotated[str, Field(max_length=300)]
    planned_on: date


class ResumptionIn(Schema):
    model_config = example(reason="Cesó la causa de la suspensión")

    reason: Annotated[str, Field(max_length=4000)]
    milestones: Annotated[Milestones, Field(description="Dates later than those that the suspension makes")] = {}


class MovedOut(ninja.Schema):
    before: datetime
    after: datetime


class ResumptionOut(ninja.Schema):
    days: int
    milestones: dict[str, MovedOut]


class SuspensionOut(ninja.Schema):
    number: int
    came_from: str
    reason: str
    legal_basis: str
    planned_on: date
    suspended_at: datetime
    resumed_at: datetime | None
    days: int | None


class Revocation(Schema):
    model_config = example(ground="public_interest", reason="La necesidad se atendió con otro proceso")

    ground: Annotated[str, Field(max_length=40, description="against_the_law, public_interest or unjust_harm")]
    reason: Annotated[str, Field(max_length=4000)]


class CorrectionIn(Schema):
    model_config = example(
        defect="El aviso omitió la hora del cierre",
        reason="Se publica de nuevo con la hora y se da otra vez el término",
    )

    defect: Annotated[str, Field(max_length=4000)]
    reason: Annotated[str, Field(max_length=4000)]
    milestones: Milestones = {}


class Fault(ninja.Schema):
    code: str
    field: str
    sentence: str
    legal_basis: str

    @staticmethod
    def resolve_sentence(fault: Any) -> str:
        return str(fault.sentence)


class SectionOut(ninja.Schema):
    code: str
    title: str
    state: str
    objections: list[Fault]

    @staticmethod
    def resolve_title(section: Any) -> str:
        return str(section.title)


class Checklist(ninja.Schema):
    sections: list[SectionOut]


class OriginOut(ninja.Schema):
    source: str
    version: int
    title: str
    copied_at: datetime


class SectionContent(ninja.Schema):
    code: str
    content: dict[str, Any]
    origin: Annotated[OriginOut | None, Field(description="From where the draft took it, for its entity")] = None
    seen: Annotated[str, Field(description="The mark of this content: give it back when you save the section")]


class SectionIn(Schema):
    model_config = example(content={})

    content: Annotated[dict[str, Any], Field(description="The whole content, of the shape that GET answers")]
    seen: Seen = ""


class CopyIn(Schema):
    model_config = example(source="PLG.EXP.1000001", parts=["general"])

    source: Annotated[
        str, Field(max_length=24, description="Code of a process of the entity, of a public one, or of a template")
    ]
    parts: Annotated[
        list[Code] | None, Field(max_length=60, description="Codes of sections; all that say something")
    ] = None


class TenderOut(ninja.Schema):
    code: str
    ocid: str
    notice: str | None
    phase: str | None
    reference: str
    title: str
    description: str
    state: str
    suspended_from: str
    stage: str
    next_stages: list[str]
    version: int
    binding_version: int
    published_at: str | None
    buyer: str
    buyer_nit: str
    method: str
    method_version: str
    causal: str
    unspsc: list[str]
    contract_type: str
    value: dict[str, Any]
    duration: dict[str, Any]
    place: dict[str, Any]
    budget: dict[str, Any]
    plan: dict[str, Any]
    milestones: dict[str, str]
    envelopes: list[str]
    questionnaire: list[dict[str, Any]]
    documents: list[dict[str, Any]]
    conditions: dict[str, Any]
    opening: dict[str, Any] | None
    url: str


class TenderInvited(TenderOut):
    receipt: Annotated[Receipt | None, Field(description="Of the act, when the process is public")] = None


class TenderDone(TenderOut):
    receipt: Receipt


def described(tender: Tender) -> dict[str, Any]:
    return {
        **snapshot_of(tender),
        "state": tender.state,
        "suspended_from": tender.suspended_from,
        "stage": tender.stage_now.code,
        "next_stages": [stage.code for stage in tender.stages_to_open],
        "version": tender.version,
        "binding_version": tender.binding_version,
        "envelopes": [envelope.code for envelope in tender.rulebook.envelopes],
        "published_at": iso(tender.published_at),
        "url": f"/procesos/{tender.code}/",
    }


def receipt(entry: Any) -> dict[str, str]:
    return {"code": entry.code, "url": entry.url}


def done(tender: Tender) -> dict[str, Any]:
    return {**described(tender), "receipt": receipt(tender.receipt)}


class AmendmentIn(Schema):
    model_config = example(reason="Se amplía el plazo para presentar ofertas")

    reason: Annotated[str, Field(max_length=4000)]
    milestones: Milestones = {}
    stage: Annotated[str, Field(max_length=40, description="The stage that this act opens; empty for an addendum")] = ""
    binds: Annotated[bool, Field(description="It affects the offers, even if it changes dates or documents only")] = (
        False
    )


class AmendmentOut(ninja.Schema):
    number: int
    kind: str
    reason: str
    defect: str
    state: str
    stage: str
    changes: dict[str, Any]
    published_at: datetime | None


class AmendmentDone(AmendmentOut):
    version: int
    receipt: Receipt
