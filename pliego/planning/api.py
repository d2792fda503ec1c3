"""The annual plan over the API: the same services as the pages."""

from decimal import Decimal
from typing import Annotated, Any

import ninja
from ninja import Field, Query, Status

from pliego.kernel.objections import Unknown
from pliego.planning import queries, services
from pliego.planning.load_api import router as loads
from pliego.planning.models import Plan, PlanLine
from pliego.planning.rules import Header, Line, read_unspsc
from pliego.planning.versions import Asked, Lines
from pliego.teams.api import TeamChoice
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["planning"])
router.add_router("", loads)
PAGE = 100

Name = Annotated[str, Field(max_length=200)]
Phone = Annotated[str, Field(max_length=20)]
Mail = Annotated[str, Field(max_length=254)]
Code = Annotated[str, Field(max_length=60)]
Prose = Annotated[str, Field(max_length=2000)]
Amount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]


class HeaderIn(Schema):
    model_config = example(contact_name="Secretaría General", contact_email="contratacion@entidad.example")

    mission: Prose = ""
    strategy: Prose = ""
    contact_name: Name = ""
    contact_phone: Phone = ""
    contact_email: Mail = ""
    minor_limit_amount: Amount | None = None
    minimum_limit_amount: Amount | None = None


class PlanIn(HeaderIn):
    model_config = example(year=2027, contact_name="Secretaría General", contact_email="contratacion@entidad.example")

    year: int
    team: Code = Field("", description="Code of the team that edits it, when the entity works with teams")


class LineIn(Schema):
    model_config = example(
        description="Suministro de papelería",
        unspsc=["44121600"],
        start_month=3,
        bids_month=3,
        duration=2,
        method="minima_cuantia",
        funding_source="own",
        total_amount="20000000.00",
        budget_amount="20000000.00",
    )

    description: Annotated[str, Field(max_length=500)]
    kind: Code = "acquisition"
    unspsc: Annotated[list[Annotated[str, Field(max_length=11)]], Field(max_length=50)] = []
    start_month: int | None = None
    bids_month: int | None = None
    duration: int | None = None
    duration_unit: Code = "months"
    method: Code = ""
    funding_source: Code = ""
    total_amount: Amount | None = None
    budget_amount: Amount | None = None
    future_budget: Code = "no"
    municipality: Annotated[str, Field(max_length=5)] = ""
    responsible_name: Name = ""
    responsible_phone: Phone = ""
    responsible_email: Mail = ""
    revision: Annotated[int | None, Field(description="The one that was read: refused when there is a newer")] = None

    def line(self) -> Line:
        data = self.dict(exclude={"revision"})
        return Line(**{**data, "unspsc": read_unspsc(" ".join(data["unspsc"]))})


class PublishIn(Schema):
    model_config = example(reason="Primera versión")

    reason: Annotated[str, Field(max_length=500)] = ""


class LineOut(ninja.Schema):
    id: int | None = Field(None, description="What a process gives as its line of the plan; only for its entity")
    number: int
    kind: str
    unspsc: list[str]
    description: str
    start_month: int | None
    bids_month: int | None
    duration: int | None
    duration_unit: str
    method: str
    funding_source: str
    total_amount: Decimal | None
    budget_amount: Decimal | None
    future_budget: str
    municipality: str
    responsible_name: str
    responsible_phone: str
    responsible_email: str
    published_in: int | None = None
    revision: int | None = None


class PlanOut(ninja.Schema):
    code: str
    account: str
    year: int
    state: str
    version: int
    url: str


class PlanWithLines(PlanOut):
    lines: list[LineOut]


class LinesShown(ninja.Schema):
    count: int
    results: list[LineOut]


class PlanPublished(PlanOut):
    receipt: Receipt


def _out(plan: Plan) -> dict[str, Any]:
    return {
        "code": plan.code,
        "account": plan.account.code,
        "year": plan.year,
        "state": plan.state,
        "version": plan.version,
        "url": plan.get_absolute_url(),
    }


def _plan(request: Request, code: str) -> Plan:
    return get_visible(Plan.objects.visible_to(request.actor).select_related("account"), code=code)


def _published(plan: Plan, asked: Asked | None = None) -> Any:
    """What the last version says; of a plan that has none, nothing."""
    version = plan.versions.defer("snapshot").filter(number=plan.version).first()
    return Lines(version, asked or Asked()) if version else plan.lines.none()


@router.post("/plans", response={201: PlanOut}, operation_id="create_plan")
def create_plan(request: Request, payload: PlanIn) -> Status[dict[str, Any]]:
    data = payload.dict()
    told = {"year": data.pop("year"), "team": data.pop("team")}
    plan = services.create_plan(actor=request.actor, header=Header(**data), at=request.received_at, **told)
    return Status(201, _out(plan))


@router.get("/plans/{code}", response=PlanWithLines, operation_id="get_plan")
def get_plan(request: Request, code: str) -> dict[str, Any]:
    """The plan with its lines: as they are being edited for the entity's people, as published for everybody else."""
    plan = _plan(request, code)
    if plan.account_id != request.actor.account_id:
        return {**_out(plan), "lines": list(_published(plan))}
    return {**_out(plan), "lines": list(plan.lines.standing())}


class LinesAsked(Schema):
    """The filters of the page, a hundred lines a page; for its entity the lines as they are being edited."""

    kind: Code = ""
    method: Code = ""
    month: int | None = None
    q: Annotated[str, Field(max_length=100)] = ""
    only: Annotated[str, Field(max_length=20, description="incompletas or sin-publicar")] = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


@router.get("/plans/{code}/lines", response=LinesShown, operation_id="list_plan_lines")
def list_plan_lines(request: Request, code: str, given: Query[LinesAsked]) -> dict[str, Any]:
    plan = _plan(request, code)
    month = str(given.month or "")
    asked = Asked(given.kind, given.method, month, given.q, given.only)
    rows: Any = queries.lines_asked(plan, asked)
    if plan.account_id != request.actor.account_id:
        rows = _published(plan, asked)
    start = (given.page - 1) * PAGE
    return {"count": rows.count(), "results": list(rows[start : start + PAGE])}


@router.get("/plans/{code}/candidates", response=list[LineOut], operation_id="list_plan_candidates")
def list_candidates(request: Request, code: str, method: Code = "", unspsc: Code = "") -> list[PlanLine]:
    """Published lines of one's own plan that a process may come from: of that method, with a code of the same class."""
    plan = _plan(request, code)
    if plan.account_id != request.actor.account_id:
        raise Unknown()
    codes = read_unspsc(unspsc)
    rows = queries.lines_for(account_id=plan.account_id, year=plan.year, method=method, unspsc=codes)
    return list(rows[:PAGE])


@router.get("/plans/{code}/versions/{number}", operation_id="get_plan_version")
def get_plan_version(request: Request, code: str, number: int) -> dict[str, Any]:
    """A published version, exactly as it was published."""
    return get_visible(_plan(request, code).versions.all(), number=number).snapshot


@router.put("/plans/{code}", response=PlanOut, operation_id="edit_plan")
def edit_plan(request: Request, code: str, payload: HeaderIn) -> dict[str, Any]:
    plan = _plan(request, code)
    header = Header(**payload.dict())
    return _out(services.edit_plan(actor=request.actor, plan_id=plan.pk, header=header, at=request.received_at))


@router.put("/plans/{code}/team", response=PlanOut, operation_id="choose_plan_team")
def choose_plan_team(request: Request, code: str, payload: TeamChoice) -> dict[str, Any]:
    """Say which team edits the plan, or none."""
    told: dict[str, Any] = {"actor": request.actor, "team": payload.team, "at": request.received_at}
    return _out(services.choose_team(**told, plan_id=_plan(request, code).pk))


@router.post("/plans/{code}/lines", response={201: LineOut}, operation_id="add_plan_line")
def add_plan_line(request: Request, code: str, payload: LineIn) -> Status[PlanLine]:
    plan = _plan(request, code)
    line = services.add_line(actor=request.actor, plan_id=plan.pk, line=payload.line(), at=request.received_at)
    return Status(201, line)


@router.put("/plans/{code}/lines/{number}", response=LineOut, operation_id="edit_plan_line")
def edit_plan_line(request: Request, code: str, number: int, payload: LineIn) -> PlanLine:
    plan = _plan(request, code)
    return services.edit_line(
        actor=request.actor, plan_id=plan.pk, number=number, line=payload.line(), at=request.received_at,
        seen=payload.revision,
    )  # fmt: skip


@router.delete("/plans/{code}/lines/{number}", response={204: None}, operation_id="drop_plan_line")
def drop_plan_line(request: Request, code: str, number: int) -> Status[None]:
    plan = _plan(request, code)
    services.drop_line(actor=request.actor, plan_id=plan.pk, number=number, at=request.received_at)
    return Status(204, None)


@router.post("/plans/{code}/publish", response=PlanPublished, operation_id="publish_plan")
def publish_plan(request: Request, code: str, payload: PublishIn) -> dict[str, Any]:
    plan = services.publish_plan(
        actor=request.actor, plan_id=_plan(request, code).pk, reason=payload.reason, at=request.received_at
    )
    assert plan.receipt is not None
    return {**_out(plan), "receipt": {"code": plan.receipt.code, "url": plan.receipt.url}}
