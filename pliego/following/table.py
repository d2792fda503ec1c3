"""What followers hear of, and where it is on the public page: the whole of it, as rows.

Every public act on the file of a published process reaches its followers; of the rows whose beginning an act's code
has, the longest speaks for it. A row that `is_silent` holds what only machines read.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event, title_of
from pliego.kernel.objections import Text

REASON = _("Reason: {reason}")


@dataclass(frozen=True)
class Row:
    event: str
    place: str = "#actos"
    body: Text = ""
    is_silent: bool = False


# fmt: off
ROWS: tuple[Row, ...] = (
    Row(""),
    Row("tender.amended",      "#adendas", REASON),
    Row("tender.stage_opened", "#cronograma", REASON),
    Row("tender.suppliers_admitted", "#invitados"),
    Row("tender.cancelled",    "#resumen", REASON),
    Row("enquiry.",            "#observaciones"),
    Row("message.",            "#mensajes", "{about}"),
    Row("bids.",               "#ofertas"),
    Row("bid.",                "#ofertas"),
    Row("bids.custodian_released", is_silent=True),
    Row("bids.shares_released",    is_silent=True),
    Row("hearing.",            "#audiencias", "{about}"),
    Row("panel.",              "#evaluadores"),
    Row("evaluation.",         "#evaluacion"),
    Row("award.",              "#adjudicacion"),
    Row("award.deserted",      "#resumen", REASON),
    Row("award.lot_deserted",  "#lotes-del-proceso", _("Lot {lot}, {lot_title}. {cause_title}. Reason: {reason}")),
    Row("contract.",           "#contratos"),
    Row("modification.",       "#contratos", REASON),
    Row("guarantee.",          "#contratos"),
    Row("start_record.",       "#contratos"),
    Row("invoice.",            "#contratos"),
    Row("payment_plan.",       "#contratos"),
    Row("execution_plan.",     "#contratos"),
    Row("delivery.",           "#contratos"),
    Row("settlement",          "#contratos"),
    Row("breach.",             "#contratos"),
    Row("sanction.",           "#contratos"),
)
# fmt: on


def row_of(code: str) -> Row:
    return max((row for row in ROWS if code.startswith(row.event)), key=lambda row: len(row.event))


def is_told(code: str) -> bool:
    """Whether followers hear of acts of this kind: public ones, unless their row is silent."""
    event = Event.registry.get(code)
    return event is not None and event.public and not row_of(code).is_silent


def act_title(code: str) -> Text:
    return title_of(code)


@dataclass(frozen=True)
class Delivery:
    """How somebody hears: each has the notice in the inbox of who has one."""

    code: str
    title: Text
    is_mailed: bool = False
    is_daily: bool = False

    @property
    def writes(self) -> bool:
        return self.is_mailed or self.is_daily


DELIVERIES: dict[str, Delivery] = {
    delivery.code: delivery
    for delivery in (
        Delivery("at_once", _("A mail at once"), is_mailed=True),
        Delivery("daily", _("One mail a day, when there is something new"), is_daily=True),
        Delivery("inbox", _("Only in my notices")),
    )
}
