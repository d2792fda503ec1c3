"""What the approvals of a process are about: its pliego, its addendum, the offers to open."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pliego.authority.cases import Case, Source, register
from pliego.kernel.actors import Actor
from pliego.teams import scopes
from pliego.teams.queries import flow_owners
from pliego.teams.scopes import Scope, flows_of
from pliego.tendering import reinforcing
from pliego.tendering.models import Tender
from pliego.tendering.snapshots import snapshot_of
from pliego.tendering.states import TENDER
from pliego.web.acts import get_visible

# What publishing itself fills in: it is not part of what people approve.
FILLED_IN = ("notice", "phase", "opening")
# What a team may be given to edit.
PARTS = {
    "general": _("General information and budget"),
    "schedule": _("Schedule"),
    "conditions": _("Conditions of the contract"),
    "questionnaire": _("Questionnaire and prices"),
    "documents": _("Documents of the process"),
    "opening": _("Who opens the offers"),
    "invitation": _("Invited suppliers"),
}


def find_tender(actor: Actor, code: str) -> Tender:
    rows = Tender.objects.visible_to(actor).filter(buyer_id=actor.account_id or 0)
    return get_visible(rows.select_related("buyer__organization", "unit", "team"), code=code)


def case_of(tender: Tender, content: dict[str, Any], url: str = "tendering:hub", **more: Any) -> Case:
    return Case(
        account_id=tender.buyer_id,
        account_code=tender.buyer.code,
        subject=tender.code,
        title=f"{tender.code} {tender.title}",
        file=tender.ocid,
        content=content,
        amount=tender.value_amount,
        url=reverse(url, args=[tender.code]),
        **more,
    )


def _pliego(tender: Tender, option: str) -> Case:
    content = {key: value for key, value in snapshot_of(tender).items() if key not in FILLED_IN}
    members = tender.opening_members.order_by("number").values_list("number", "user__code", "capacity")
    content["opening"] = {"threshold": tender.opening_threshold, "members": [list(member) for member in members]}
    content["opening"] |= reinforcing.plain(tender)
    content["invited"] = sorted(tender.invitations.values_list("supplier__code", flat=True))
    if tender.team:
        content["team"] = tender.team.code
    authors = frozenset({tender.prepared_by_id, *tender.authors})
    return case_of(tender, content, people={"author": authors})


def _addendum(tender: Tender, option: str) -> Case:
    amendment = tender.amendments.filter(state="draft").first()
    content: dict[str, Any] = {"code": tender.code, "version": tender.version}
    writers: frozenset[int] = frozenset()
    if amendment is not None:
        brought = amendment.documents.select_related("document")
        content |= {"number": amendment.number, "reason": amendment.reason, "stage": amendment.stage}
        content |= {part: amendment.changes.get(part, {}) for part in ("milestones", "sections")}
        content |= {"documents": [[a.kind, a.title, a.document.sha256] for a in brought]}
        writers = frozenset({amendment.prepared_by_id})
    return case_of(tender, content, url="tendering:amendment", people={"author": writers})


def source(act: str, describe: Any, early: frozenset[str] = frozenset(), options: Any = lambda tender: []) -> Source:
    return Source(
        machine=TENDER,
        act=act,
        find=find_tender,
        account_id=lambda tender: tender.buyer_id,
        subject=lambda tender: tender.code,
        describe=describe,
        options=options,
        early=early,
        owners=flow_owners,
    )


register("publication", source("publish", _pliego))
register("addendum", source("amend", _addendum))
scopes.register(
    Scope(
        "process",
        _("Processes"),
        _("Define teams for the processes?"),
        PARTS,
        flows_of("publication", "addendum", "opening", "award", "contract", "modification", "invoices"),
        is_required=True,
    )
)
