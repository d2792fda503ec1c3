"""What the API of breaches takes and answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import ninja
from pydantic import Field

from pliego.breaches.rules import GuarantorIn
from pliego.web.api import Receipt, Schema, example

Short = Annotated[str, Field(max_length=250)]
Words = Annotated[str, Field(max_length=8000)]
Long = Annotated[str, Field(max_length=20_000)]
Paper = Annotated[str, Field(max_length=100, description="Finished upload of kind `breach_document`")]
Amount = Annotated[Decimal, Field(max_digits=20, decimal_places=2)]


class CallIn(Schema):
    model_config = example(text="Entregue los equipos", due_at="2026-03-20T15:00:00-05:00")

    text: Words
    due_at: datetime
    clauses: Annotated[str, Field(max_length=4000)] = ""
    upload: Paper = ""


class ReportIn(Schema):
    model_config = example(
        report_of="supervisor", facts="No entregó", clauses="Cláusula 4", proofs="Acta", upload="CRG-1"
    )

    report_of: Annotated[str, Field(max_length=12, description="supervisor or interventor")]
    facts: Long
    clauses: Words
    proofs: Words
    upload: Annotated[str, Field(max_length=100, description="Finished upload of kind `breach_report`")]
    author_name: Short = ""

    def told(self) -> dict[str, Any]:
        return {**self.dict(exclude={"report_of"}), "source": self.report_of}


class GuarantorBody(Schema):
    name: Short
    email: Annotated[str, Field(max_length=254)]
    policy_number: Annotated[str, Field(max_length=60)] = ""


class CiteIn(Schema):
    model_config = example(
        facts="No entregó",
        clauses="Cláusula 4",
        consequences=["fine"],
        begins_at="2026-03-20T15:00:00-05:00",
        place="Sala 2",
        guarantors=[{"name": "Aseguradora de Ejemplo", "email": "garante@pliego.example"}],
    )

    facts: Long
    clauses: Words
    consequences: Annotated[list[str], Field(max_length=10)]
    begins_at: datetime
    place: Annotated[str, Field(max_length=300)] = ""
    link: Annotated[str, Field(max_length=300)] = ""
    how: Annotated[str, Field(max_length=2000)] = ""
    guarantors: Annotated[list[GuarantorBody], Field(max_length=10)] = []

    def told(self) -> dict[str, Any]:
        return {**self.dict(), "guarantors": [GuarantorIn(**row.dict()) for row in self.guarantors]}


class ReasonBody(Schema):
    model_config = example(reason="Ya entregó los equipos")

    reason: Annotated[str, Field(max_length=4000)]


class CeaseIn(ReasonBody):
    upload: Paper = ""


class MoveIn(ReasonBody):
    model_config = example(reason="Se cruza con otra", begins_at="2026-03-20T15:00:00-05:00", place="Sala 3")

    begins_at: datetime
    place: Annotated[str, Field(max_length=300)] = ""
    link: Annotated[str, Field(max_length=300)] = ""


class AdjournBody(ReasonBody):
    model_config = example(reason="Para practicar pruebas", begins_at="2026-03-20T15:00:00-05:00")

    begins_at: datetime
    development: Long = ""


class PartyIn(Schema):
    model_config = example(side="guarantor", name="Pía Ramos", capacity="Apoderada")

    side: Annotated[str, Field(max_length=10, description="contractor, guarantor or entity")]
    name: Short
    capacity: Short = ""
    document_number: Annotated[str, Field(max_length=20)] = ""


class PleaIn(Schema):
    model_config = example(text="Llovió mucho")

    text: Long
    upload: Paper = ""


class StatementIn(PleaIn):
    model_config = example(side="guarantor", kind="plea", name="Pía Ramos", text="Se atiene a lo que se pruebe")

    side: Annotated[str, Field(max_length=10)]
    kind: Annotated[str, Field(max_length=10, description="plea, statement or closing")]
    name: Short


class AppealNoteIn(PleaIn):
    model_config = example(side="guarantor", name="Pía Ramos", text="Es excesiva")

    side: Annotated[str, Field(max_length=10)]
    name: Short


class EvidenceIn(Schema):
    model_config = example(text="Registro del clima", purpose="Que llovió")

    text: Annotated[str, Field(max_length=4000)]
    purpose: Annotated[str, Field(max_length=4000)]
    upload: Paper = ""


class EvidenceNoteIn(EvidenceIn):
    model_config = example(side="entity", text="Visita", purpose="El estado de la obra")

    side: Annotated[str, Field(max_length=10)]


class EvidenceDecisionIn(ReasonBody):
    model_config = example(evidence=1, is_admitted=True, reason="Es útil")

    evidence: int
    is_admitted: bool


class EvidenceResultIn(Schema):
    model_config = example(evidence=1, result="Llovió dos días")

    evidence: int
    result: Words
    upload: Paper = ""


class ImposedIn(Schema):
    measure: Annotated[str, Field(max_length=10, description="fine, penalty, damages or caducity")]
    amount: Amount | None = None


class ResolutionIn(Schema):
    model_config = example(resolution="118", grounds="Se probó", imposed=[{"measure": "fine", "amount": "1000000"}])

    resolution: Annotated[str, Field(max_length=60)]
    grounds: Long
    imposed: Annotated[list[ImposedIn], Field(max_length=10)] = []
    imposes_nothing: bool = False

    def told(self) -> dict[str, Any]:
        rest = self.dict(exclude={"imposed"})
        return {**rest, "measures": {row.measure: row.amount for row in self.imposed}}


class CloseBody(Schema):
    model_config = example(development="Se leyó la resolución.")

    development: Long


class RecoveryIn(Schema):
    model_config = example(measure="fine", amount="500000", means="compensation", on="2026-03-20")

    measure: Annotated[str, Field(max_length=10)]
    amount: Amount
    means: Annotated[str, Field(max_length=14, description="compensation, guarantee, payment or collection")]
    on: date
    note: Annotated[str, Field(max_length=500)] = ""


class ChallengeIn(Schema):
    model_config = example(challenge="Tribunal, 2026-00001", on="2026-03-20")

    challenge: Annotated[str, Field(max_length=300)]
    on: date


class Done(ninja.Schema):
    number: int
    state: str
    receipt: Receipt | None


class BreachRow(ninja.Schema):
    number: int
    state: str
    facts: str
    clauses: str
    consequences: list[str]
    begins_at: datetime | None


class BreachOut(BreachRow):
    statements: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    decisions: list[dict[str, Any]]


class CallOut(ninja.Schema):
    number: int
    text: str
    clauses: str
    made_at: datetime
    due_at: datetime
    answer: str
    answered_at: datetime | None


class BreachesOut(ninja.Schema):
    calls: list[CallOut]
    breaches: list[BreachRow]


class SanctionOut(ninja.Schema):
    code: str
    measure: str
    amount: str | None
    currency: str
    supplier: str
    supplier_name: str
    supplier_nit: str
    buyer: str
    buyer_name: str
    contract: str
    resolution: str
    in_force_on: date
    shown_until: date
    recovered: str
    challenged_on: str
    legal_basis: str
    document: str
