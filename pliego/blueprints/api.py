"""The templates of an entity over the API: the same services as the pages."""

from datetime import datetime
from typing import Annotated, Any, Literal

import ninja
from ninja import Status
from pydantic import Field

from pliego.blueprints import files, queries, services
from pliego.blueprints.models import Blueprint, BlueprintVersion
from pliego.blueprints.policy import POLICY, Act
from pliego.blueprints.services import BlueprintData
from pliego.tendering.api.router import tender_of
from pliego.tendering.api.schemas import receipt
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema, example
from pliego.web.http import Request

router = Router(tags=["blueprints"])
Code = Annotated[str, Field(max_length=60)]
Codes = Annotated[list[Code], Field(max_length=60)]
SAID: dict[str, Any] = {"name": "Suministro de equipos", "methods": ["minima_cuantia"], "parts": ["general"]}


class TemplateIn(Schema):
    name: Annotated[str, Field(max_length=200)]
    description: Annotated[str, Field(max_length=2000)] = ""
    methods: Annotated[Codes, Field(description="Methods that it fits; the one of the process")] = []
    parts: Annotated[Codes, Field(description="Codes of its sections")]
    seen: Annotated[int, Field(ge=0, description="The version that was looked at; refused if there is a later one")] = 0

    def told(self) -> dict[str, Any]:
        wanted = BlueprintData(name=self.name, description=self.description, methods=self.methods)
        return {"data": wanted, "parts": self.parts, "seen": self.seen}


class NewTemplate(TemplateIn):
    model_config = example(tender="PLG.EXP.1000001", **SAID)

    tender: Annotated[str, Field(max_length=24, description="The process of the entity whose sections are kept")]
    code: Annotated[str, Field(max_length=24, description="The template of which it is a new version; none: new")] = ""


class TemplateChange(TemplateIn):
    model_config = example(**SAID)


class TemplateFileIn(Schema):
    model_config = example(file={"format": files.FORMAT})

    file: Annotated[dict[str, Any], Field(description="What the file of a template says")]


class TemplateOut(ninja.Schema):
    code: str
    name: str
    description: str
    methods: list[str]
    state: str
    version: int
    made_at: datetime
    receipt: Receipt | None = None


class TemplateVersion(TemplateOut):
    method: str
    method_version: str
    made_from: str
    sections: dict[str, Any]


NAMES = ("code", "name", "description", "methods", "state", "version", "made_at")


def _out(row: Blueprint) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in NAMES}, "receipt": receipt(row.receipt) if row.receipt else None}


def _one(request: Request, code: str) -> Blueprint:
    blueprint = get_visible(Blueprint.objects.visible_to(request.actor), code=code)
    POLICY.require(request.actor, Act.VIEW, blueprint)
    return blueprint


def _version(request: Request, code: str, number: int) -> tuple[Blueprint, BlueprintVersion]:
    blueprint = _one(request, code)
    return blueprint, get_visible(blueprint.versions.all(), number=number or blueprint.version)


@router.get("/templates", response=list[TemplateOut], operation_id="list_templates")
def list_templates(
    request: Request, q: str = "", method: str = "", state: Literal["active", "retired", ""] = "active"
) -> list[dict[str, Any]]:
    """The templates of the entity, by words, by a method that they fit and by state."""
    return [_out(row) for row in queries.found(request.actor, words=q, method=method, state=state)[:500]]


@router.post("/templates", response={201: TemplateOut}, operation_id="save_template")
def save_template(request: Request, payload: NewTemplate) -> Status[dict[str, Any]]:
    """Keep sections of a process as a template, or as a new version of one."""
    tender = tender_of(request, payload.tender)
    told: dict[str, Any] = {"actor": request.actor, "tender_id": tender.pk, "at": request.received_at}
    return Status(201, _out(services.save_blueprint(code=payload.code, **payload.told(), **told)))


@router.post("/templates/import", response={201: TemplateOut}, operation_id="import_template")
def import_template(request: Request, payload: TemplateFileIn) -> Status[dict[str, Any]]:
    """Keep a template that came in a file; every fault of it is answered with its place."""
    made = services.import_blueprint(actor=request.actor, content=payload.file, at=request.received_at)
    return Status(201, _out(made))


@router.get("/templates/{code}", response=TemplateVersion, operation_id="get_template")
def get_template(request: Request, code: str, version: int = 0) -> dict[str, Any]:
    """A template as one of its versions says it; the last one when none is named."""
    blueprint, found = _version(request, code, version)
    names = ("name", "description", "methods", "made_at", "method", "method_version", "made_from", "sections")
    return {**_out(blueprint), **{name: getattr(found, name) for name in names}, "version": found.number}


@router.get("/templates/{code}/file", response=dict[str, Any], operation_id="export_template")
def export_template(request: Request, code: str, version: int = 0) -> dict[str, Any]:
    """The version as the file that another entity imports."""
    return files.told(_version(request, code, version)[1])


@router.put("/templates/{code}", response=TemplateOut, operation_id="revise_template")
def revise_template(request: Request, code: str, payload: TemplateChange) -> dict[str, Any]:
    """Make a new version with another name, description or methods, and only those of its sections."""
    made = services.revise_blueprint(actor=request.actor, code=code, at=request.received_at, **payload.told())
    return _out(made)


@router.post("/templates/{code}/retire", response=TemplateOut, operation_id="retire_template")
def retire_template(request: Request, code: str) -> dict[str, Any]:
    """Stop offering it; it can still be read."""
    return _out(services.retire_blueprint(actor=request.actor, code=code, at=request.received_at))


@router.post("/templates/{code}/restore", response=TemplateOut, operation_id="restore_template")
def restore_template(request: Request, code: str) -> dict[str, Any]:
    """Offer it again."""
    return _out(services.restore_blueprint(actor=request.actor, code=code, at=request.received_at))
