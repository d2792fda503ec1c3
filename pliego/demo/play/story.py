"""The plays: which scenes each has, in order, and what the scenes share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pliego.demo.play import buying, founding, offering, performing
from pliego.demo.play.person import Person, Stage
from pliego.demo.play.world import World

Scene = Callable[[World], None]

# fmt: off
PLAYS: dict[str, tuple[tuple[int, str, Scene], ...]] = {
    "minima-cuantia": (
        (1,  "Personas",                          founding.people),
        (2,  "Entidad, proveedores y equipo",     founding.accounts),
        (3,  "Plan anual de adquisiciones",       buying.plan),
        (4,  "Pliego electrónico",                buying.pliego),
        (5,  "Observación y adenda",              buying.question_and_amendment),
        (6,  "Ofertas selladas",                  offering.offers),
        (7,  "Cierre, apertura, evaluación y adjudicación", offering.opening_to_award),
        (8,  "Contrato",                          performing.contract),
        (9,  "Ejecución y pago",                  performing.payment),
        (10, "Lo que cualquiera ve",              performing.the_public),
    ),
    "contratacion-directa": (
        (1,  "Personas",                          founding.people),
        (2,  "Entidad, proveedores y equipo",     founding.accounts),
        (3,  "Plan anual de adquisiciones",       buying.plan),
        (4,  "Pliego electrónico",                buying.pliego),
        (7,  "Adjudicación",                      offering.direct_award),
        (8,  "Contrato",                          performing.contract),
        (9,  "Ejecución y pago",                  performing.payment),
        (10, "Lo que cualquiera ve",              performing.the_public),
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
            self.stage.scene(step, title)
            scene(self.world)
        return {
            "play": self.name,
            "process": self.world.tender,
            "acts": self.stage.acts,
            "receipt": str(self.world.receipt_path),
            "expediente": str(self.world.zip_path),
        }


__all__ = ["METHODS", "PLAYS", "Person", "Story"]
