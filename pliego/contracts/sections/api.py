"""The nine sections of a contract over the API, and the papers that each party attaches."""

from typing import Annotated, Any

import ninja
from ninja import Field, Status

from pliego.contracts import sections, writing
from pliego.contracts.api import found, router
from pliego.contracts.models import ContractPaper
from pliego.contracts.policy import POLICY, Act
from pliego.tendering.api.schemas import SectionIn
from pliego.tendering.sections import mark
from pliego.web.api import Schema, example
from pliego.web.fields import Upload
from pliego.web.http import Request

Title = Annotated[str, Field(max_length=200)]


class PartFault(ninja.Schema):
    code: str
    field: str
    sentence: str


class PartOut(ninja.Schema):
    number: int
    code: str
    title: str
    lacks: Annotated[list[PartFault], Field(description="What is missing before it is sent; for who writes it")]


class PartContent(ninja.Schema):
    code: str
    content: dict[str, Any]
    origins: Annotated[dict[str, str], Field(description="Where each datum came from: pliego, offer, law, typed…")]
    seen: Annotated[str, Field(description="The mark of this content: give it back when you save the section")]


class AnnexIn(Schema):
    model_config = example(title="Anexo técnico", upload="CRG-1")

    title: Title
    upload: Annotated[str, Field(max_length=100, description="A finished upload with kind “contract_document”")]


class PaperIn(Schema):
    model_config = example(title="Certificado de afiliación", upload="CRG-1")

    title: Title = ""
    asked: Annotated[str, Field(max_length=200, description="Its title in the section “supplier_documents”")] = ""
    upload: Annotated[str, Field(max_length=100, description="A finished upload with kind “supplier_document”")]


class PaperOut(ninja.Schema):
    number: int
    asked: str
    title: str
    is_annex: bool
    document: str


def _paper(paper: ContractPaper) -> dict[str, Any]:
    told = {name: getattr(paper, name) for name in ("number", "asked", "title", "is_annex")}
    return {**told, "document": paper.document.code}


@router.get("/contracts/{code}/sections", response=list[PartOut], operation_id="list_contract_sections")
def list_contract_sections(request: Request, code: str) -> list[dict[str, Any]]:
    """The sections of the contract; for who writes it, with all that is missing or wrong in each."""
    contract = found(request, code)
    writes = POLICY.verdict(request.actor, Act.EDIT, contract)
    return [
        {
            "number": number,
            "code": section.code,
            "title": str(section.title),
            "lacks": [
                {"code": one.code, "field": one.field, "sentence": str(one.sentence)}
                for one in (section.rule(contract, request.received_at) if writes else ())
            ],
        }
        for number, section in enumerate(sections.SECTIONS, 1)
    ]


@router.get("/contracts/{code}/sections/{part}", response=PartContent, operation_id="get_contract_section")
def get_contract_section(request: Request, code: str, part: str) -> dict[str, Any]:
    """What a section says, and where each datum came from. The bank account of the supplier is in none."""
    contract, section = found(request, code), sections.get(part)
    row, content = contract.row_of(section.code), section.plain(contract)
    return {"code": section.code, "content": content, "origins": row.origins if row else {}, "seen": mark(content)}


@router.put("/contracts/{code}/sections/{part}", response=PartContent, operation_id="save_contract_section")
def save_contract_section(request: Request, code: str, part: str, payload: SectionIn) -> dict[str, Any]:
    """Replace the whole content of a section of the draft."""
    contract = found(request, code)
    told: dict[str, Any] = {"actor": request.actor, "contract_id": contract.pk, "at": request.received_at}
    writing.save_section(part=sections.get(part).code, content=payload.content, seen=payload.seen, **told)
    return get_contract_section(request, code, part)


@router.get("/contracts/{code}/papers", response=list[PaperOut], operation_id="list_contract_papers")
def list_contract_papers(request: Request, code: str) -> list[dict[str, Any]]:
    """The annexes; and, for the two parties, what the contractor brought."""
    return [_paper(paper) for paper in writing.papers_of(request.actor, found(request, code))]


@router.post("/contracts/{code}/annexes", response={201: PaperOut}, operation_id="attach_annex")
def attach_annex(request: Request, code: str, payload: AnnexIn) -> Status[dict[str, Any]]:
    """The entity adds an annex to the draft."""
    paper = writing.attach_annex(
        actor=request.actor,
        contract_id=found(request, code).pk,
        title=payload.title,
        document=Upload(upload_id=payload.upload),
        at=request.received_at,
    )
    return Status(201, _paper(paper))


@router.delete("/contracts/{code}/annexes/{number}", response={204: None}, operation_id="remove_annex")
def remove_annex(request: Request, code: str, number: int) -> Status[None]:
    """The entity takes an annex out of the draft."""
    contract_id = found(request, code).pk
    writing.remove_annex(actor=request.actor, contract_id=contract_id, number=number, at=request.received_at)
    return Status(204, None)


@router.post("/contracts/{code}/papers", response={201: PaperOut}, operation_id="bring_paper")
def bring_paper(request: Request, code: str, payload: PaperIn) -> Status[dict[str, Any]]:
    """The contractor attaches a document that the contract asks for, or another."""
    paper = writing.bring_paper(
        actor=request.actor,
        contract_id=found(request, code).pk,
        title=payload.title,
        asked=payload.asked,
        document=Upload(upload_id=payload.upload),
        at=request.received_at,
    )
    return Status(201, _paper(paper))
