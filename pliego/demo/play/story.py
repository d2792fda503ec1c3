"""The plays: which scenes each has, in order, and what the scenes share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.demo.play import auctioning, buying, founding, offering, performing, staging
from pliego.demo.play.person import Person, Stage
from pliego.demo.play.world import World
from pliego.evaluation.rules import COMPUTED
from pliego.kernel.objections import Text
from pliego.methods import catalogue
from pliego.methods.law import Method

Scene = Callable[[World], None]
PERFORMED = {"lowest_price_that_complies", "direct"}
AWARDED = PERFORMED | COMPUTED | {"points", "quality_then_price"}  # the others go as far as their openings


def _always(law: Method) -> bool:
    return True


def _auctions(law: Method) -> bool:
    return "auction" in law.kinds


def _awards(law: Method) -> bool:
    return law.evaluation.rule in AWARDED or _auctions(law)


def _performs(law: Method) -> bool:
    """One contract of each kind is performed: what is bought by points would be performed alike."""
    return law.evaluation.rule in PERFORMED or _auctions(law)


# Every scene, and the methods that have it. One script for all: a scene asks the law of the method what to do.
# fmt: off
SCENES: tuple[tuple[int, Text, Scene, Callable[[Method], bool]], ...] = (
    (1,  _("People"),                                 founding.people,         _always),
    (2,  _("Entity, suppliers and team"),             founding.accounts,       _always),
    (3,  _("Annual plan of purchases"),               buying.plan,             _always),
    (4,  _("Electronic pliego"),                      buying.pliego,           _always),
    (5,  _("From stage to stage"),                    staging.stages,          lambda law: "direct" not in law.kinds),
    (6,  _("Sealed offers"),                          offering.offers,         lambda law: law.has_bidding),
    (7,  _("Closing and opening"),                    offering.openings,       lambda law: law.has_bidding),
    (8,  _("Auction"),                                auctioning.auction,      _auctions),
    (9,  _("Award"),                                  offering.award,          _awards),
    (10, _("Contract"),                               performing.contract,     _performs),
    (11, _("Performance and payment"),                performing.payment,      _performs),
    (12, _("What anybody sees"),                      performing.the_public,   _always),
)
# fmt: on
FOUNDED = 2  # with this scene the world is there, and the next play may begin in it


def _played() -> dict[str, str]:
    """The methods of today, by the name of their play. Plays are of practice, where every method may be used."""
    codes = {method.code for method in catalogue.every() if method.in_force_until is None}
    return {code.replace("_", "-"): code for code in sorted(codes)}


METHODS = _played()
PLAYS: dict[str, tuple[tuple[int, Text, Scene], ...]] = {
    name: tuple((step, title, scene) for step, title, scene, has in SCENES if has(catalogue.get(code)))
    for name, code in METHODS.items()
}


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

    def run(self, after: int = 0, until: int = 99) -> dict[str, Any]:
        """Play the scenes after that one; answers where what was downloaded is. PlayFailed at the first refusal."""
        for step, title, scene in PLAYS[self.name]:
            if after < step <= until:
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
