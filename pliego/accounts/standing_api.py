"""A person's standing over the API: the cases of suspension and merging, and the answer of the person concerned."""

from datetime import date, datetime
from typing import Any

import ninja
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pydantic import Field

from pliego.accounts import closing, merging, reissuing, suspending
from pliego.accounts.models import Merger, Reissue, Suspension
from pliego.web.acts import get_visible
from pliego.web.api import Receipt, Router, Schema
from pliego.web.fields import Upload
from pliego.web.http import Request

router = Router(tags=["accounts"])
SHOWN = 200


class SuspensionAsked(Schema):
    """`evidence` names finished uploads."""

    person: str = Field(max_length=254)
    kind: str = Field(max_length=12)
    ground: str = Field(max_length=20)
    misuse: str = Field("", max_length=30)
    until: date | None = None
    asked_by: str = Field("", max_length=200)
    decision: str = Field("", max_length=200)
    reason: str = Field(max_length=4000)
    evidence: list[str] = Field(default_factory=list, max_length=10)


class Reason(Schema):
    reason: str = Field(max_length=4000)


class AppealSent(Schema):
    text: str = Field(max_length=8000)
    documents: list[str] = Field(default_factory=list, max_length=10)


class AnswerSent(Schema):
    grants: bool
    text: str = Field(max_length=8000)


class MergerAsked(Schema):
    """`registration` is the one that is kept."""

    registration: str = Field(max_length=254)
    duplicate: str = Field(max_length=254)
    reason: str = Field(max_length=4000)
    evidence: list[str] = Field(default_factory=list, max_length=10)


class AppealOut(ninja.Schema):
    number: int
    state: str
    text: str
    filed_at: datetime
    answer_due_at: datetime
    answer: str


class SuspensionOut(ninja.Schema):
    code: str
    person: str
    state: str
    kind: str
    ground: str
    misuse: str
    reason: str
    until: datetime | None
    in_force_from: datetime | None
    appeals: list[AppealOut]


class SuspensionDone(SuspensionOut):
    receipt: Receipt


class MergerOut(ninja.Schema):
    code: str
    state: str
    kept: str
    duplicate: str
    moved: list[str]


class MergerDone(MergerOut):
    receipt: Receipt


class Closed(ninja.Schema):
    person: str
    receipt: Receipt


def _uploads(codes: list[str]) -> list[Upload]:
    return [Upload(upload_id=code) for code in codes]


def _rows(request: Request) -> "QuerySet[Suspension]":
    found = Suspension.objects.visible_to(request.actor).select_related("user").prefetch_related("appeals")
    return found.order_by("-opened_at", "-pk")


def _out(found: Suspension) -> dict[str, Any]:
    names = ("code", "state", "kind", "ground", "misuse", "reason", "until", "in_force_from")
    said: dict[str, Any] = {name: getattr(found, name) for name in names}
    return {**said, "person": found.user.code, "appeals": [_appeal(appeal) for appeal in found.appeals.all()]}


def _appeal(appeal: Any) -> dict[str, Any]:
    return {name: getattr(appeal, name) for name in AppealOut.model_fields}


def _done(found: Suspension) -> dict[str, Any]:
    return {**_out(found), "receipt": Receipt.of(found.receipt)}


@router.get("/suspensions", response=list[SuspensionOut])
def suspensions(request: Request) -> list[dict[str, Any]]:
    """For the desk, the newest of all; for anybody else, those that concern them."""
    return [_out(found) for found in _rows(request)[:SHOWN]]


@router.post("/suspensions", response={201: SuspensionDone})
def open_suspension(request: Request, body: SuspensionAsked) -> Any:
    """Propose a suspension; two other people of the desk decide."""
    told = suspending.Proposal(**{**body.model_dump(), "evidence": _uploads(body.evidence)})
    return _done(suspending.open_suspension(actor=request.actor, told=told, at=request.received_at))


@router.get("/suspensions/{code}", response=SuspensionOut)
def suspension(request: Request, code: str) -> dict[str, Any]:
    return _out(get_visible(_rows(request), code=code))


@router.post("/suspensions/{code}/approve", response=SuspensionDone)
def approve(request: Request, code: str) -> dict[str, Any]:
    """One of the two approvals; with the second it is in force."""
    return _done(suspending.approve(actor=request.actor, code=code, at=request.received_at))


@router.post("/suspensions/{code}/reject", response=SuspensionDone)
def reject(request: Request, code: str, body: Reason) -> dict[str, Any]:
    return _done(suspending.reject(actor=request.actor, code=code, reason=body.reason, at=request.received_at))


@router.post("/suspensions/{code}/lift", response=SuspensionDone)
def lift(request: Request, code: str, body: Reason) -> dict[str, Any]:
    return _done(suspending.lift(actor=request.actor, code=code, reason=body.reason, at=request.received_at))


@router.post("/suspensions/{code}/appeals", response={201: SuspensionDone})
def appeal(request: Request, code: str, body: AppealSent) -> Any:
    """The person concerned answers; `documents` names finished uploads."""
    files = _uploads(body.documents)
    filed = suspending.appeal(actor=request.actor, code=code, text=body.text, files=files, at=request.received_at)
    return {**_out(filed.suspension), "receipt": Receipt.of(filed.receipt)}


@router.post("/suspensions/{code}/appeals/{number}/answer", response=SuspensionDone)
def answer(request: Request, code: str, number: int, body: AnswerSent) -> dict[str, Any]:
    told = body.model_dump()
    filed = suspending.answer(actor=request.actor, code=code, number=number, at=request.received_at, **told)
    return {**_out(get_visible(_rows(request), code=code)), "receipt": Receipt.of(filed.receipt)}


@router.post("/mergers", response={201: MergerDone})
def open_merger(request: Request, body: MergerAsked) -> Any:
    """Propose that two registrations are one person; two other people of the desk decide."""
    told = {**body.model_dump(exclude={"evidence"}), "files": _uploads(body.evidence)}
    return _merged(merging.open_merger(actor=request.actor, at=request.received_at, **told))


@router.get("/mergers/{code}", response=MergerOut)
def merger(request: Request, code: str) -> dict[str, Any]:
    rows = Merger.objects.visible_to(request.actor).select_related("kept", "duplicate")
    return _merger(get_visible(rows, code=code))


@router.post("/mergers/{code}/approve", response=MergerDone)
def approve_merger(request: Request, code: str) -> dict[str, Any]:
    return _merged(merging.approve(actor=request.actor, code=code, at=request.received_at))


@router.post("/mergers/{code}/reject", response=MergerDone)
def reject_merger(request: Request, code: str, body: Reason) -> dict[str, Any]:
    return _merged(merging.reject(actor=request.actor, code=code, reason=body.reason, at=request.received_at))


class ReissueAsked(Schema):
    email: str = Field(max_length=254)


class ReissueBegun(ninja.Schema):
    sentence: str


class IdentityProof(Schema):
    """`checks` names every check of the list; `evidence` names finished uploads."""

    checks: list[str] = Field(max_length=10)
    findings: str = Field(max_length=4000)
    evidence: list[str] = Field(default_factory=list, max_length=10)


class ReissueOut(ninja.Schema):
    code: str
    person: str
    state: str
    reason: str
    opened_at: datetime
    effective_at: datetime | None
    lapses_at: datetime | None
    closing_reason: str


class ReissueDone(ReissueOut):
    receipt: Receipt


def _reissue(found: Reissue) -> dict[str, Any]:
    return {**{n: getattr(found, n) for n in ReissueOut.model_fields if n != "person"}, "person": found.user.code}


def _reissued(found: Reissue) -> dict[str, Any]:
    return {**_reissue(found), "receipt": Receipt.of(found.receipt)}


@router.post("/reissues", response={202: ReissueBegun})
def ask_reissue(request: Request, body: ReissueAsked) -> dict[str, Any]:
    """Ask for the link that opens a case to replace lost factors. The answer never tells who is registered."""
    reissuing.ask(request=request, email=body.email)
    return {"sentence": _("If somebody is registered with that address, they have a mail that says how to go on.")}


@router.get("/reissues", response=list[ReissueOut])
def reissues(request: Request) -> list[dict[str, Any]]:
    """For the desk, the newest of all; for anybody else, their own."""
    rows = Reissue.objects.visible_to(request.actor).select_related("user").order_by("-opened_at", "-pk")
    return [_reissue(found) for found in rows[:SHOWN]]


@router.get("/reissues/{code}", response=ReissueOut)
def reissue(request: Request, code: str) -> dict[str, Any]:
    return _reissue(get_visible(Reissue.objects.visible_to(request.actor).select_related("user"), code=code))


@router.post("/reissues/{code}/prove", response=ReissueDone)
def prove_reissue(request: Request, code: str, body: IdentityProof) -> dict[str, Any]:
    """The first person of the desk: who asks is who is registered."""
    told: dict[str, Any] = {"checks": body.checks, "findings": body.findings, "files": _uploads(body.evidence)}
    return _reissued(reissuing.prove(actor=request.actor, code=code, at=request.received_at, **told))


@router.post("/reissues/{code}/confirm", response=ReissueDone)
def confirm_reissue(request: Request, code: str) -> dict[str, Any]:
    """The second, different person: the wait begins."""
    return _reissued(reissuing.confirm(actor=request.actor, code=code, at=request.received_at))


@router.post("/reissues/{code}/refuse", response=ReissueDone)
def refuse_reissue(request: Request, code: str, body: Reason) -> dict[str, Any]:
    return _reissued(reissuing.refuse(actor=request.actor, code=code, reason=body.reason, at=request.received_at))


@router.post("/reissues/{code}/stop", response=ReissueDone)
def stop_reissue(request: Request, code: str) -> dict[str, Any]:
    """The person concerned, who is inside: it was not them."""
    return _reissued(reissuing.stop(actor=request.actor, code=code, at=request.received_at))


def _merger(found: Merger) -> dict[str, Any]:
    said = {name: getattr(found, name) for name in ("code", "state", "moved")}
    return {**said, "kept": found.kept.code, "duplicate": found.duplicate.code}


def _merged(found: Merger) -> dict[str, Any]:
    return {**_merger(found), "receipt": Receipt.of(found.receipt)}


@router.post("/me/close", response=Closed)
def close(request: Request) -> dict[str, Any]:
    """Close one's own user: no accepted access in any account, nothing open. It cannot be undone by oneself."""
    user = closing.close(actor=request.actor, at=request.received_at)
    return {"person": user.code, "receipt": Receipt.of(user.receipt)}
