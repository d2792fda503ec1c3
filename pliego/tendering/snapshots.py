"""The whole pliego as plain JSON: what a version keeps for ever and what the ledger is told."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pliego.tendering import reinforcing, sections

if TYPE_CHECKING:
    from pliego.tendering.models import Tender


# How the log calls the acts that come before an opening.
LEDGER = {"open": "bids.opened", "report": "evaluation.report_published"}
UNDOES = {"evaluation.reopened": "evaluation.report_published"}  # until the next report


def iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instants(written: dict[str, str]) -> dict[str, datetime]:
    """Instants of a ledger entry or an amendment, read back."""
    return {code: datetime.fromisoformat(due) for code, due in written.items()}


def text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def milestones_of(tender: "Tender") -> dict[str, str]:
    return {code: iso(due) or "" for code, due in tender.schedule.items()}


def opening_of(tender: "Tender") -> dict[str, Any] | None:
    """Who holds a share, how many are needed, the custodian's recipient, the instant before which nothing opens, what
    is reinforced, and for each envelope the milestone at which it opens and the acts that the log must hold before."""
    if not tender.has_bidding:
        return None
    members = tender.opening_members.select_related("user").order_by("number")
    return {
        "threshold": tender.opening_threshold,
        "members": [
            {"number": m.number, "name": m.user.full_name, "capacity": m.capacity, "recipient": m.recipient}
            for m in members
        ],
        "custodian": {"number": tender.custodian_number, "recipient": tender.custodian_recipient},
        **reinforcing.plain(tender),
        "at": iso(tender.due_at("opening") or tender.due_at("bids_due")),
        "envelopes": [
            {
                "envelope": code,
                "at": rule.moment,
                "after": [LEDGER[act] for act in rule.after],
                "by_call": rule.by_call,
                "of_fit": rule.of_fit,
            }
            for rule in tender.rulebook.openings
            for code in rule.envelopes
        ],
    }


def snapshot_of(tender: "Tender") -> dict[str, Any]:
    return {
        "code": tender.code,
        "ocid": tender.ocid,
        "notice": tender.notice_code,
        "phase": tender.phase_code,
        "reference": tender.reference,
        "title": tender.title,
        "description": tender.description,
        "buyer": tender.buyer.name,
        "buyer_nit": tender.buyer.nit,
        "unit": tender.unit.name if tender.unit else None,
        "method": tender.method,
        "method_version": tender.method_version,
        "causal": tender.causal,
        "unspsc": [code for code in (tender.unspsc_main, *tender.unspsc_additional) if code],
        "contract_type": tender.contract_type,
        "value": {"amount": text(tender.value_amount), "currency": tender.value_currency},
        "duration": {"number": tender.duration, "unit": tender.duration_unit},
        "place": {"municipality": tender.delivery_municipality, "address": tender.delivery_address},
        "budget": {
            "certificate": tender.budget_certificate,
            "amount": text(tender.budget_certificate_amount),
            "source": tender.funding_source,
        },
        "plan": _plan_of(tender),
        "milestones": milestones_of(tender),
        "questionnaire": _questionnaire_of(tender),
        "documents": [
            {"code": a.document.code, "title": a.title, "kind": a.kind, "sha256": a.document.sha256}
            for a in tender.documents.select_related("document")
        ],
        "conditions": {section.code: section.plain(tender) for section in sections.of(tender) if section.is_kept},
        "opening": opening_of(tender),
    }


def _plan_of(tender: "Tender") -> dict[str, Any]:
    """The lines of the plan, each by its plan and number; or why it comes from none."""
    lines = [{"plan": line.plan.code, "year": line.plan.year, "line": line.number} for line in tender.planned]
    return {"lines": lines} if lines else {"justification": tender.plan_justification}


def _questionnaire_of(tender: "Tender") -> list[dict[str, Any]]:
    lines: dict[int, list[dict[str, Any]]] = {}
    for line in tender.price_lines.order_by("item_id", "number"):
        lines.setdefault(line.item_id, []).append(
            {
                "number": line.number,
                "unspsc": line.unspsc,
                "description": line.description,
                "quantity": format(line.quantity.normalize(), "f"),
                "unit": line.unit,
                "reference_price": text(line.reference_price_amount),
            }
        )
    return [
        {
            "number": item.number,
            "envelope": item.envelope,
            "kind": item.kind,
            "title": item.title,
            "help": item.help,
            "options": item.options,
            "columns": item.columns,
            "row_titles": item.row_titles,
            "required": item.is_required,
            "requirement": item.is_requirement,
            "allows_confidential": item.allows_confidential,
            "needs_evidence": item.needs_evidence,
            "weight": text(item.weight),
            "lots": item.lots,
            **({"lines": lines.get(item.pk, [])} if item.kind == "price_list" else {}),
        }
        for item in tender.items.all()
    ]
