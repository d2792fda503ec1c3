"""Many rows, one process. Merging the same row again changes nothing, so a file can be loaded twice or go on anywhere.

Facts are three tables of records: phases by request, awards by supplier and value, contracts by code. Within a record
the row of the later date wins field by field; of the same date, the greater value; a value never gives way to nothing.
What happened to a contract is all that any row says.
"""

from typing import Any

from pliego.publication.imports.rows import Record, Row

Facts = dict[str, dict[str, Record]]


def newer(a: Any, b: Any) -> Any:
    """The greater of two values of the same field, numbers as numbers."""
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b)
    if (
        isinstance(a, str)
        and isinstance(b, str)
        and a.replace(".", "", 1).isdigit()
        and b.replace(".", "", 1).isdigit()
    ):
        return a if float(a) >= float(b) else b
    return a if str(a) >= str(b) else b


def merge_record(old: Record | None, new: Record) -> Record:
    """The record that both say together; `old` itself when the new one adds nothing."""
    if old is None:
        return new
    if new["at"] > old["at"]:
        merged = {**old, **new}
    elif new["at"] < old["at"]:
        merged = {**new, **old}
    else:
        merged = {**old, **{name: newer(old[name], value) if name in old else value for name, value in new.items()}}
    if "happened" in merged:  # what happened once stays told
        merged["happened"] = sorted({*old.get("happened", ()), *new.get("happened", ())})
    return old if merged == old else merged


def add(facts: Facts, section: str, key: str, record: Record) -> bool:
    """Put a record into the facts; answers whether that changed them."""
    table = facts.setdefault(section, {})
    old = table.get(key)
    merged = merge_record(old, record)
    if merged is old:
        return False
    table[key] = merged
    return True


def absorb(facts: Facts, row: Row) -> bool:
    """Let a row speak; answers whether it said anything new."""
    key = row.record_key
    changed = add(facts, row.section, key, row.record)
    for award_key, award in row.awards.items():
        changed = add(facts, "awards", award_key, award) or changed
    return changed


def join(facts: Facts, other: Facts) -> bool:
    """Two processes that turn out to be one."""
    changed = False
    for section, table in other.items():
        for key, record in table.items():
            changed = add(facts, section, key, record) or changed
    return changed
