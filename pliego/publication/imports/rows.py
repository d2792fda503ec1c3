"""From the cells of a row to our fields: sentinels become nothing, phases leave the titles, faults are named.

`Row` says which process it speaks of (its identifiers), and what it says of it (one record of one section).
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import msgspec

from pliego.publication.folding import fold, slug
from pliego.publication.imports.axes import happened_in
from pliego.publication.imports.reading import Heading, Raw
from pliego.publication.imports.tables import phase_suffixes, sentinels, values

Record = dict[str, Any]
SECOP = re.compile(r"CO1\.(BDOS|REQ|NTC|PCCNTR|AWD|CTRMOD)\.\d{1,12}")
SECOP_ONE = re.compile(r"\d{2}-\d{1,2}-\d{3,12}")
KINDS = {"BDOS": "portfolio", "REQ": "request", "NTC": "notice", "PCCNTR": "contract", "AWD": "award"}
ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?Z?)?")
US_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})(?: .*)?")
YEARS = range(1990, 2101)
LARGEST = Decimal("999999999999999999.99")
COMPANY_NIT = re.compile(r"[89]\d{8,9}(-\d)?")
# More than the whole national budget is a slip of the keyboard, of which the real files have several.
IMPLAUSIBLE = Decimal("700000000000000")


class Refusal(Exception):
    """Why a row is not loaded. `reason` is stable; the sentence for people is in remarks.py."""

    def __init__(self, reason: str, field: str = "", value: str = "") -> None:
        self.reason, self.field, self.value = reason, field, value
        super().__init__(reason)


@dataclass
class Remark:
    """One value of a loaded row that was left out."""

    field: str
    reason: str
    value: str


@dataclass
class Row:
    line: int
    source: str
    key: str
    section: str
    record_key: str
    record: Record
    identifiers: dict[str, str]
    awards: dict[str, Record] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


@lru_cache(maxsize=65536)
def is_sentinel(text: str) -> bool:
    return slug(text) in sentinels()


def as_date(text: str) -> str:
    """The date as ISO, with its hour when the file has one. Raises ValueError."""
    if match := ISO_DATE.fullmatch(text):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        hour = f"T{match[4]}:{match[5]}:{match[6] or '00'}" if match[4] and (match[4], match[5]) != ("00", "00") else ""
    elif match := US_DATE.fullmatch(text):
        day, hour = date(int(match[3]), int(match[1]), int(match[2])), ""
    else:
        raise ValueError("not_a_date")
    if day.year not in YEARS:
        raise ValueError("impossible_year")
    return day.isoformat() + hour


def as_amount(text: str) -> str | None:
    """The amount with at most two decimals; zero is "not said". Raises ValueError."""
    try:
        amount = Decimal(text.replace("$", "").replace(",", "").strip())
    except InvalidOperation:
        raise ValueError("not_an_amount") from None
    if not amount.is_finite() or amount < 0:
        raise ValueError("not_an_amount")
    if amount > LARGEST or amount > IMPLAUSIBLE:
        raise ValueError("implausible_amount")
    if amount == 0:
        return None
    amount = round(amount, 2)
    return str(int(amount)) if amount == int(amount) else str(amount)


def as_count(text: str) -> int | None:
    try:
        number = int(Decimal(text.replace(",", "")))
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError("not_a_number") from None
    if not 0 <= number < 10**9:
        raise ValueError("not_a_number")
    return number or None


READ = {"date": as_date, "amount": as_amount, "count": as_count}


def without_phase(text: str) -> str:
    """Cut the phase names that the source glues to references and titles, cut ones included."""
    while True:
        text = text.rstrip()
        folded = fold(text)
        if len(folded) != len(text):
            return text
        cut = next((len(s) for s in phase_suffixes() if folded.endswith(s)), 0)
        if not cut and folded.count("(") > folded.count(")"):
            cut = _cut_suffix(folded)
        if not cut or cut >= len(text):
            return text
        text = text[:-cut]


def _cut_suffix(folded: str) -> int:
    """Length of a suffix that the file itself cut short, at least six letters of it."""
    start = -1
    while (start := folded.find("(", start + 1)) >= 0:
        if len(folded) - start > 6 and any(s.startswith(folded[start:]) for s in phase_suffixes()):
            return len(folded) - start
    return 0


def tidy(text: str) -> str:
    return " ".join(text.split())


def fields_of(raw: Raw, head: Heading) -> tuple[Record, list[Remark]]:
    record: Record = {}
    remarks: list[Remark] = []
    cells = raw.cells
    for column in head.columns:
        text = cells[column.index].strip()
        if not text or is_sentinel(text):
            continue
        if column.kind == "text":
            record[column.field] = tidy(text)
            continue
        try:
            value = READ[column.kind](text)
        except ValueError as error:
            reason = str(error) if str(error).isidentifier() else "not_a_date"
            remarks.append(Remark(column.field, reason, text[:300]))
            continue
        if value is not None:
            record[column.field] = value
    return record, remarks


def unspsc(record: Record) -> None:
    """ "V1.80111600" → "80111600"; shorter codes are padded with zeros."""
    digits = record.get("unspsc", "").removeprefix("V1.").replace(".", "")
    record.pop("unspsc", None)
    if digits.isdigit() and 2 <= len(digits) <= 8:
        record["unspsc"] = digits.ljust(8, "0")
    more = re.findall(r"\b(\d{8})\b", record.pop("unspsc_more", "").replace("V1.", ""))
    if more:
        record["unspsc_more"] = sorted(set(more))


def nit_of(text: str) -> str:
    digits = re.sub(r"[\s.]", "", text).split("-")[0]
    return digits if digits.isdigit() and 6 <= len(digits) <= 10 else ""


def hide_person(record: Record) -> None:
    """Keep a supplier's number only when it is a company's NIT: the documents of natural persons are not published."""
    number = re.sub(r"[\s.]", "", str(record.pop("supplier_nit", "")))
    kind = slug(str(record.pop("supplier_document_type", "nit")))
    if COMPANY_NIT.fullmatch(number) and "natural" not in kind and ("nit" in kind or kind == ""):
        record["supplier_nit"] = number.split("-")[0][:9]


def identifiers_of(record: Record) -> dict[str, str]:
    """Every identifier in the row, by kind. Raises Refusal when one of them is not of its kind."""
    found: dict[str, str] = {}
    for name in ("portfolio", "request", "contract"):
        if text := record.get(name):
            value = str(text).upper().strip()
            match = SECOP.fullmatch(value)
            if match and KINDS.get(match[1]) == name:
                found[name] = value
            elif name == "portfolio" and (old := SECOP_ONE.match(value)):
                found["file"] = old[0]
            elif name == "contract" and record.get("origin", "").upper().replace(" ", "") in {"SECOPI", "SECOP1"}:
                continue
            else:
                raise Refusal("not_an_identifier", name, value[:300])
    if notice := SECOP.search(str(record.get("url", ""))):
        found["notice"] = notice[0]
    return found


def read_row(raw: Raw, head: Heading, entities: dict[str, Record]) -> Row:
    """What one row says. Raises Refusal."""
    if raw.fault:
        raise Refusal(raw.fault)
    record, remarks = fields_of(raw, head)
    if slug(record.get("method", "")) in values("training")["methods"]:
        raise Refusal("training_process", "method", record["method"])
    identifiers = identifiers_of(record)
    key = next((identifiers[kind] for kind in ("portfolio", "file", "request", "contract") if kind in identifiers), "")
    if not key:
        raise Refusal("no_identifier")
    unspsc(record)
    for name in ("title", "reference"):
        if name in record:
            record[name] = without_phase(record[name])
    if buyer := entities.get(record.pop("buyer_key", "")):
        record = {**buyer, **record}
    if "buyer_nit" in record:
        record["buyer_nit"] = nit_of(record["buyer_nit"])
    hide_person(record)
    source = "secop1" if "file" in identifiers else "secop2"
    for name in ("portfolio", "request", "origin"):
        record.pop(name, None)
    if "notice" not in identifiers and "url" in record:
        record["url"] = "".join(re.findall(r"https?://www\.contratos\.gov\.co/[^'\"\s}]+", record["url"])[:1])
    section = "contracts" if head.layout.name == "contract" else "phases"
    if section == "contracts" and (happened := happened_in(record)):
        record["happened"] = happened
    record_key = record.pop("contract", "") if section == "contracts" else identifiers.get("request", "")
    record["at"] = record.get("updated_on") or record.get("published_on") or record.get("signed_on") or ""
    if "notice" in identifiers:
        record["notice"] = identifiers["notice"]
    row = Row(raw.line, source, key, section, record_key, record, identifiers, remarks=remarks)
    if section == "phases":
        take_award(row)
    return row


AWARD = ("award_code", "award_on", "award_value", "supplier_name", "supplier_nit")


def take_award(row: Row) -> None:
    """A process has one row per supplier when it has several: the award is a record of its own."""
    award = {name: row.record.pop(name) for name in AWARD if name in row.record}
    if "supplier_name" in award or "award_value" in award:
        said = f"{slug(award.get('supplier_name', ''))}|{award.get('award_value', '')}"
        award["at"] = award.get("award_on", "")
        row.awards[said] = award


encode = msgspec.json.Encoder(order="deterministic").encode
