"""The states of the resolution by which the entity settles alone, from its draft until it is firm."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pliego.execution.rules import settling_is_held_back
from pliego.kernel.objections import Objection
from pliego.kernel.states import Machine, Row, State
from pliego.settlements import rules


def held_back(resolution: Any, at: datetime) -> Iterator[Objection]:
    return settling_is_held_back(resolution.contract, at)


# fmt: off
RESOLUTION = Machine(
    model="settlements.Resolution",
    title=_("Resolution of unilateral settlement"),
    states=(
        State("draft",    pgettext_lazy("settlement", "In preparation")),
        State("issued",   pgettext_lazy("settlement", "Notified: it can be appealed")),
        State("appealed", pgettext_lazy("settlement", "Appealed")),
        State("firm",     pgettext_lazy("settlement", "Firm")),
        State("revoked",  pgettext_lazy("settlement", "Revoked by the entity")),
    ),
    rows=(
        #   act         from        to          refused when
        Row("issue",    "draft",    "issued",   (rules.is_incomplete, held_back)),
        Row("appeal",   "issued",   "appealed", rules.appeal_is_late),
        Row("settle",   "issued",   "firm",     rules.appeal_can_come),
        Row("confirm",  "appealed", "firm"),
        Row("revoke",   "appealed", "revoked"),
    ),
)
# fmt: on
WRITTEN = ("draft", "issued", "appealed", "firm")  # of which a contract has one
WAITING = ("issued", "appealed")
