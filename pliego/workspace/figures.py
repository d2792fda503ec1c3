"""What the first page says of this very moment: figures, and the processes whose term ends next.

The rows of the public search belong to a room beside this one, so its model is asked for by name.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from pliego.contracts.models import Contract
from pliego.kernel.objections import Text
from pliego.ledger.models import Entry
from pliego.web.templatetags.pliego import number
from pliego.workspace.rooms import address_of

EXACT_UP_TO = 50_000  # larger tables are counted by the database's own estimate: the first page does not wait for it
SIGNED = ("signed", "running", "completed", "settled", "closed")


@dataclass(frozen=True)
class Figure:
    label: Text
    value: str


@dataclass(frozen=True)
class Closing:
    url: str
    title: str
    buyer: str
    value: Any
    due_at: datetime


def processes() -> "QuerySet[Any]":
    return apps.get_model("publication", "Process")._default_manager.all()


def how_many(model: type[Model]) -> int:
    """Rows of a table: exactly while that is quick, and by the planner's estimate when it is large."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
        estimate = int(cursor.fetchone()[0])
    return estimate if estimate > EXACT_UP_TO else model._default_manager.count()


def still_open(at: datetime) -> "QuerySet[Any]":
    return processes().filter(state="open", closes_at__gt=at)


def figures(at: datetime) -> list[Figure]:
    """Nothing is shown of an installation that has nothing yet."""
    known = how_many(processes().model)
    if not known:
        return []
    last = Entry.objects.order_by("-index").exclude(index=None).values_list("index", flat=True).first()
    return [
        Figure(_("Processes receiving offers"), number(still_open(at).count())),
        Figure(_("Processes to read"), number(known)),
        Figure(_("Contracts signed here"), number(Contract.objects.filter(state__in=SIGNED).count())),
        Figure(_("Acts with a receipt"), number(0 if last is None else last + 1)),
    ]


def closing_soon(at: datetime, most: int = 5) -> list[Closing]:
    """The processes whose term for offers ends next."""
    return [
        Closing(
            address_of("publication:process", identifier=row.code), row.title, row.buyer_name, row.value, row.closes_at
        )
        for row in still_open(at).order_by("closes_at", "id")[:most]
    ]
