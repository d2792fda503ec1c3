"""Bringing a spreadsheet into a price list: read it, show what it would change, and put all of it in or nothing."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from pliego.kernel.actors import Actor
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Objection, Refused, Unknown
from pliego.tendering import price_changes, price_lists
from pliego.tendering.models import PriceLoad, QuestionnaireItem
from pliego.tendering.policy import Act
from pliego.tendering.price_changes import row_of
from pliego.tendering.price_lists import PriceRow
from pliego.tendering.services.editing import loaded, note_saved, price_load
from pliego.tendering.services.locking import edited, person
from pliego.tendering.services.questioning import item_of, write_lines
from pliego.tendering.standard import guards


def kept(row: PriceRow) -> list[str | None]:
    price = None if row.reference_price is None else str(row.reference_price)
    return [row.description, str(row.quantity), row.unit, row.unspsc, price]


def rows_of(load: PriceLoad) -> list[PriceRow]:
    return [PriceRow(d, Decimal(q), u, c, None if p is None else Decimal(p)) for d, q, u, c, p, *_number in load.rows]


def numbers_of(load: PriceLoad) -> list[int | None]:
    return [row[5] for row in load.rows]


@guards("questionnaire")
@transaction.atomic
def read_price_list(
    *, actor: Actor, tender_id: int, number: int, at: datetime, content: IO[bytes] | None = None, text: str = "",
    name: str = "",
) -> PriceLoad | None:  # fmt: skip
    """Read rows for a price list. They go into an empty list at once (answers None); what would replace lines, or has
    faults, waits as a load until somebody has looked at it."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = list_of(tender, number)
    found = price_lists.survey(content, text)
    PriceLoad.objects.filter(item=item).delete()
    if not found.faults and not found.rows:
        raise Refused(Objection("empty", _("There are no rows here."), "rows"))
    if not found.faults and not item.price_lines.exists():
        write_lines(item, found.rows)
        note_saved(actor=actor, tender=tender, part="questionnaire", at=at)
        return None
    return PriceLoad.objects.create(
        item=item,
        code=random_code(),
        name=name[-200:],
        text=text if found.faults else "",
        rows=[[*kept(row), place] for row, place in zip(found.rows, found.numbers, strict=True)],
        faults=[asdict(fault) for fault in found.faults],
        ignored=[heading[:200] for heading in found.ignored],
        read_by_id=person(actor),
        read_at=at,
    )


def list_of(tender: Any, number: int) -> QuestionnaireItem:
    item = item_of(tender, number)
    if item.kind != "price_list":
        raise Refused(Objection("not_a_price_list", _("This question is not a price list."), "rows"))
    return item


@guards("questionnaire")
@transaction.atomic
def apply_price_load(
    *, actor: Actor, tender_id: int, number: int, code: str, seen: str, at: datetime
) -> QuestionnaireItem:
    """Put the rows of a load in the place of the lines, if the list is still as it was when its changes were shown."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = list_of(tender, number)
    load = PriceLoad.objects.filter(item=item, code=code).first()
    if load is None:
        other = price_load(tender, number)
        sentence = _("Another file was read meanwhile. Look at what it changes.")
        raise Refused(Objection("load_replaced", f"{sentence} {loaded(other)}" if other else sentence))
    if load.faults:
        raise Refused(Objection("has_faults", _("The file has errors. Mend them and send it again.")))
    if price_changes.fingerprint(row_of(line) for line in item.price_lines.all()) != seen:
        sentence = _("The price list changed meanwhile. Look again at what the file changes now.")
        raise Refused(Objection("changed_meanwhile", sentence))
    write_lines(item, rows_of(load))
    load.delete()
    note_saved(actor=actor, tender=tender, part="questionnaire", at=at)
    return item


@transaction.atomic
def drop_price_load(*, actor: Actor, tender_id: int, number: int, at: datetime) -> QuestionnaireItem:
    """Forget the file that was read; the list stays as it is."""
    tender = edited(actor, tender_id, Act.EDIT_QUESTIONNAIRE)
    item = list_of(tender, number)
    if not PriceLoad.objects.filter(item=item).delete()[0]:
        raise Unknown()
    return item
