"""Whether a bidder may present one variant beside its base offer.

Bidders may present alternatives and exceptions, technical or economic, as long as they set no conditions on the award
(Ley 80 de 1993, art. 30, num. 6). What the standard documents make of it [GK]: a variant needs a base offer; it is
looked at only if the base complies; only that of the bidder in the first place may be awarded instead, if the entity
so decides.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.conditions.conditions import condition
from pliego.conditions.fields import YES_NO, Field, Parts
from pliego.kernel.objections import Objection

LAW = "Ley 80 de 1993, art. 30, num. 6"
# Where the offers themselves are awarded in one order: not an auction, nor prices agreed one by one, nor information.
RULES = frozenset({"points", "lowest_price_that_complies", "own_manual", "highest_bid"})

# fmt: off
PARTS: Parts = (
    Field(name="admitted", label=_("May a bidder add one variant to its offer?"), kind="yes_no", choices=YES_NO,
          help=_("If nothing is said: no. The variant of the bidder in the first place may be awarded instead of its "
                 "base offer. It may set no conditions on the award."), legal_basis=LAW),
    Field(name="terms", label=_("What a variant must respect, and what it may change"), kind="prose", most=2000,
          is_needed=True, when=("admitted", "yes")),
)
# fmt: on


def is_wrong(tender: Any, content: Any) -> Iterator[Objection]:
    if content.admitted == "yes" and tender.waiting_section("lots").get("lots"):
        sentence = _(
            "In a process divided into lots variants cannot be admitted here yet: answer no, or take them out."
        )
        yield Objection("variants_by_lots", sentence, "admitted")


VARIANTS = condition(
    code="variants",
    title=_("Variants of the offer"),
    path="variantes/",
    parts=PARTS,
    wrong=is_wrong,
    applies=lambda tender: tender.has_bidding and tender.rulebook.evaluation.rule in RULES,
)


def told(tender: Any) -> str:
    """What the pliego says of the variants that it admits; nothing when it admits none."""
    return str(tender.kept_section(VARIANTS.code).get("terms", "")) if is_admitted(tender) else ""


def is_admitted(tender: Any) -> bool:
    """Whether a variant counts: the pliego says so, and is not divided."""
    said = tender.kept_section(VARIANTS.code).get("admitted") == "yes"
    return bool(said and VARIANTS.applies(tender) and not tender.lot_numbers)
