"""The plays: which scenes each has, in order, and what the scenes share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.demo.play import buying, founding, offering, performing
from pliego.demo.play.person import Person, Stage
from pliego.demo.play.world import World
from pliego.kernel.objections import Text

Scene = Callable[[World], None]

# fmt: off
PLAYS: dict[str, tuple[tuple[int, Text, Scene], ...]] = {
    "minima-cuantia": (
        (1,  _("People"),                          founding.people),
        (2,  _("Entity, suppliers and team"),     founding.accounts),
        (3,  _("Annual plan of purchases"),       buying.plan),
        (4,  _("Electronic pliego"),                buying.pliego),
        (5,  _("Observation and amendment"),              buying.question_and_amendment),
        (6,  _("Sealed offers"),                  offering.offers),
        (7,  _("Closing, opening, evaluation and award"), offering.opening_to_award),
        (8,  _("Contract"),                          performing.contract),
        (9,  _("Performance and payment"),                  performing.payment),
        (10, _("What anybody sees"),              performing.the_public),
    ),
    "contratacion-directa": (
        (1,  _("People"),                          founding.people),
        (2,  _("Entity, suppliers and team"),     founding.accounts),
        (3,  _("Annual plan of purchases"),       buying.plan),
        (4,  _("Electronic pliego"),                buying.pliego),
        (7,  _("Award"),                      offering.direct_award),
        (8,  _("Contract"),                          performing.contract),
        (9,  _("Performance and payment"),                  performing.payment),
        (10, _("What anybody sees"),              performing.the_public),
    ),
}
METHODS = {"minima-cuantia": "minima_cuantia", "contratacion-directa": "contratacion_directa"}
# fmt: on


@dataclass
class Story:
    """One play on one stage."""

    name: str
    stage: Stage
    desk: Callable[[], str]  # the practice link of the service desk
    folder: Path
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(self.stage, METHODS[self.name], self.desk, self.folder)

    def run(self) -> dict[str, Any]:
        """Play every scene; answers where what was downloaded is. PlayFailed at the first refusal."""
        for step, title, scene in PLAYS[self.name]:
            self.stage.scene(step, str(title))
            scene(self.world)
        return {
            "play": self.name,
            "process": self.world.tender,
            "acts": self.stage.acts,
            "receipt": str(self.world.receipt_path),
            "expediente": str(self.world.zip_path),
        }


__all__ = ["METHODS", "PLAYS", "Person", "Story"]
