"""What the scenes of a play share: the people, and the codes of what they have made so far."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pliego.demo.play.person import Person, Stage
from pliego.demo.play.site import Json
from pliego.kernel.calendar import calendar
from pliego.kernel.identifiers import check_digit
from pliego.methods import catalogue, standards
from pliego.methods.law import Method
from pliego.methods.standards import Standard

DIVIDED = frozenset({"licitacion_publica"})  # the play whose process has lots
TEMPLATED = frozenset({"seleccion_abreviada_menor_cuantia"})  # the one whose process begins with a template
STANDARDIZED = frozenset({"licitacion_obra_publica"})  # the one that is made with a standard document


@dataclass
class World:
    stage: Stage
    method: str
    desk_link: Callable[[], str]
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    bidders: list[str] = field(default_factory=lambda: ["carla", "dario"])  # the last one does not comply
    entity: str = ""
    plan: str = ""
    tender: str = ""
    contract: str = ""
    receipt_path: Path = Path()
    zip_path: Path = Path()

    def __getattr__(self, name: str) -> Person:
        """`world.ana` is the person of that name."""
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def law(self) -> Method:
        """What the catalogue says of the method: the script asks it everything that differs between methods."""
        return catalogue.get(self.method)

    @property
    def lots(self) -> tuple[int, ...]:
        """The numbers of the lots into which the process is divided; none where it is one whole."""
        return (1, 2, 3) if self.method in DIVIDED else ()

    @property
    def has_template(self) -> bool:
        return self.method in TEMPLATED

    @property
    def standard(self) -> Standard | None:
        """The standard document with which the process is made: the last one in force today."""
        today = calendar.day_of(self.stage.now())
        return standards.offered(self.method, today)[-1] if self.method in STANDARDIZED else None

    @property
    def has_bidding(self) -> bool:
        return self.law.has_bidding

    @property
    def now(self) -> Json:
        """The process as its entity sees it."""
        told: Json = self.ana.get(self.path)
        return told

    @property
    def path(self) -> str:
        return f"/tenders/{self.tender}"


def invented_nit() -> str:
    """A number of the block that belongs to nobody, with its check digit."""
    number = str(999_930_000 + secrets.randbelow(69_999))
    return f"{number}-{check_digit(number)}"
