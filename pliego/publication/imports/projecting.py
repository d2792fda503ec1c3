"""From merged facts to what the public reads: the search row and the OCDS release of an imported process."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from pliego.publication.folding import fold, slug, tokens
from pliego.publication.imports.merging import Facts
from pliego.publication.imports.ocds import release_of
from pliego.publication.imports.rows import Record, encode
from pliego.publication.imports.tables import contract_state, values

# Colombia has kept one offset since 1993; the zone's name would cost ten times as much per row.
COLOMBIA = timezone(timedelta(hours=-5))
NO_DATE = datetime(1990, 1, 1, tzinfo=UTC)
OCID_PREFIX = "ocds-k50g02"
STEP = {
    code: i
    for i, code in enumerate(
        ("planned", "open", "suspended", "evaluation", "awarded", "contracted", "finished", "cancelled")
    )
}
TEXT_LIMIT = 4_000


@dataclass(frozen=True)
class Projection:
    """The columns of a search row, its words and tokens, and its release."""

    ocid: str
    code: str
    source: str
    columns: dict[str, Any]
    facts: str
    words: str
    tokens: str
    release_id: str
    release_tag: str
    released_at: datetime
    release: str


def instant(text: str | None, *, end: bool = False) -> datetime | None:
    """A date of the file as an instant in Colombia; a day without hour ends in its last minute when it is a limit."""
    if not text:
        return None
    moment = datetime.fromisoformat(text).replace(tzinfo=COLOMBIA)
    return moment.replace(hour=23, minute=59) if end and "T" not in text else moment


@lru_cache(maxsize=4096)
def department_of(name: str) -> str:
    return str(values("departments").get(slug(name), ""))


@lru_cache(maxsize=1024)
def method_of(literal: str) -> tuple[str, str]:
    """Our code and the OCDS method of a literal; an unknown literal keeps its own slug."""
    code, ocds = values("methods").get(slug(literal), (slug(literal)[:60], ""))
    return code, ocds


def phase_state(phase: Record) -> str:
    state = str(values("states").get(slug(phase.get("state", "")), "planned"))
    if state in {"open", "evaluation"} and (phase.get("is_awarded") == "Si" or phase.get("summary") == "Adjudicado"):
        return "awarded"
    return "evaluation" if state == "open" and phase.get("opening_state") == "Cerrado" else state


def current_phase(phases: dict[str, Record]) -> Record:
    """The phase that the public should read: the latest one that is not still a draft."""
    if not phases:
        return {}
    return max(phases.items(), key=lambda item: (phase_state(item[1]) != "planned", item[1]["at"], item[0]))[1]


def state_of(phase: Record, contracts: dict[str, Record], has_awards: bool) -> tuple[str, str]:
    """Our state of the whole process, and the source's own word for it."""
    found = [
        (str(contract_state(slug(c.get("state", ""))).get("process", "awarded")), c.get("state", ""))
        for _key, c in sorted(contracts.items())
    ]
    live = [item for item in found if item[0] != "cancelled"] or ([] if phase else found)
    if live:
        order = ("contracted", "suspended", "awarded", "open", "finished", "cancelled")
        return min(live, key=lambda item: order.index(item[0]))
    if not phase:
        return "planned", ""
    state = phase_state(phase)
    return ("awarded" if has_awards and state in {"open", "evaluation"} else state), phase.get("state", "")


def first(name: str, *records: Record) -> Any:
    return next((record[name] for record in records if record.get(name)), "")


def title_of(said: list[Record]) -> str:
    """The title; where the source only repeats a number there, the description says more."""
    title, description = first("title", *said), first("description", *said)
    is_a_number = len([word for word in title.split() if word.isalpha()]) < 2
    return str(description if description and is_a_number else title or description)


def project(source: str, code: str, facts: Facts) -> Projection:
    """The search row and the release that these facts make."""
    phases, contracts, awards = (facts.get(name, {}) for name in ("phases", "contracts", "awards"))
    phase = current_phase(phases)
    said = [phase, *(r for _k, r in sorted(phases.items(), reverse=True)), *(r for _k, r in sorted(contracts.items()))]
    state, literal = state_of(phase, contracts, bool(awards))
    published = min((p["published_on"] for p in phases.values() if "published_on" in p), default="")
    published = published or first("draft_on", *said) or first("signed_on", *said)
    method, ocds_method = method_of(first("method", *said)) if first("method", *said) else ("", "")
    columns = {
        "reference": first("reference", *said)[:300],
        "title": title_of(said) or code,
        "description": first("description", *said),
        "buyer_name": first("buyer_name", *said)[:300],
        "buyer_nit": first("buyer_nit", *said),
        "department": department_of(first("department", *said)),
        "municipality": first("municipality", *said)[:120],
        "method": method,
        "method_details": first("method", *said)[:200],
        "state": state,
        "state_details": literal[:200],
        "stage": str(values("phases").get(slug(phase.get("phase", "")), phase.get("phase", "")))[:200],
        "contract_type": first("contract_type", *said)[:120],
        "published_at": instant(published),
        "closes_at": instant(first("bids_due_on", *said), end=True),
        "listed_at": instant(published) or NO_DATE,
        "value_amount": first("value", *said) or None,
        "value_currency": "COP",
        "unspsc": first("unspsc", *said),
    }
    ocid = f"{OCID_PREFIX}-{code}"
    at = max((r["at"] for table in facts.values() for r in table.values()), default="") or "1990-01-01"
    release = release_of(ocid=ocid, columns=columns, facts=facts, phase=phase, at=at, ocds_method=ocds_method)
    body = encode(release)
    release_id = f"{ocid}-{hashlib.sha256(body).hexdigest()[:12]}"
    text = b'{"ocid":"%b","id":"%b",%b' % (ocid.encode(), release_id.encode(), body[1:])
    return Projection(
        ocid, code, source, columns, encode(facts).decode(),
        *_search(source, columns, facts, said), release_id, release["tag"][0], instant(at) or NO_DATE, text.decode(),
    )  # fmt: skip


def _search(source: str, columns: dict[str, Any], facts: Facts, said: list[Record]) -> tuple[str, str]:
    """The words and the tokens of the search vector. Suppliers have a number only when it is a company's (rows.py)."""
    suppliers = [r for name in ("awards", "contracts") for r in facts.get(name, {}).values()]
    told = [columns[name] for name in ("title", "description", "buyer_name", "reference", "municipality")]
    if told[0] == told[1]:
        told[1] = ""
    words = fold(" ".join([*told, *sorted({r.get("supplier_name", "") for r in suppliers})]))[:TEXT_LIMIT]
    codes = {columns["unspsc"], *(code for record in said for code in record.get("unspsc_more", ()))} - {""}
    nits = {r["supplier_nit"] for r in suppliers if "supplier_nit" in r}
    names = ("state", "department", "method", "buyer_nit", "buyer_name", "contract_type")
    return words, " ".join(tokens(source=source, unspsc=codes, nits=nits, **{name: columns[name] for name in names}))
