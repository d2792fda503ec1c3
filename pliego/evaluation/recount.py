"""A report's order made again by anybody: `python FILE.zip`, or `python -m pliego.evaluation.recount FILE.json`.

The file that a report gives is a program: this module, `points.py`, `formulas.py` and the report's record. It needs
Python and nothing else. What was found in each offer and what the committee agreed is taken from the record; every sum,
the totals and the places are made again, and compared with those that were published.
"""

import json
import sys
import zipfile
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pliego.conditions.formulas import Formula, Step
from pliego.evaluation import points
from pliego.evaluation.points import Factor, Given, Offer, Place, Score

RECORD = "informe.json"


def formula_in(told: Any) -> Formula | None:
    if not told:
        return None
    return Formula(
        kind=told["kind"],
        most=Decimal(told["most"]),
        decimals=told["decimals"],
        official_share=Decimal(told["official_share"]),
    )


def offer_in(told: Any) -> Offer:
    given = {
        int(number): Given(
            points=Decimal(one["points"]), staff=one.get("staff"), with_disability=one.get("with_disability")
        )
        for number, one in told["given"].items()
    }
    price = Decimal(told["price"]) if told["price"] else None
    return Offer(code=told["bid"], price=price, given=given, is_fined=told["is_fined"])


def scores_of(part: Any) -> tuple[list[Step], list[Score]]:
    """The sums that all share, and those of each offer; none where the price alone decides."""
    factors = [Factor(number=f["number"], kind=f["kind"], most=Decimal(f["most"])) for f in part["factors"]]
    offers = [offer_in(told) for told in part["offers"]] if factors else []
    return points.worked(factors, offers, formula_in(part["formula"]), Decimal(part["official"]))


def places_of(part: Any) -> tuple[dict[str, Fraction], list[Place]]:
    """What each offer comes to, points or price, and its place."""
    if part["factors"]:
        merits = points.totals(scores_of(part)[1])
        return merits, points.places(merits, part["tie_breaks"])
    prices = {told["bid"]: Fraction(told["price"]) for told in part["offers"] if told["price"]}
    sign = 1 if part["is_sale"] else -1
    return prices, points.places({code: sign * price for code, price in prices.items()}, part["tie_breaks"])


def is_right(part: Any) -> bool:
    """Whether what was published is what comes out."""
    worth, places = places_of(part)
    made = [{"bid": place.code, "rank": place.rank, "worth": points.text(worth[place.code])} for place in places]
    return bool(made == part["order"])


def lines(record: Any) -> list[str]:
    """Every sum and every place, to be read."""
    found = [f"{record['process']}, report {record['number']}"]
    for part in record["parts"]:
        if part["lot"]:
            found.append(f"-- lot {part['lot']}")
        shared, scores = scores_of(part)
        names = {factor["number"]: factor["title"] for factor in part["factors"]}
        found += [f"{step.name} = {step.sum} = {step.value}" for step in shared]
        found += [f"{s.offer}  {names.get(s.factor, 'fine')}: {s.sum} = {points.text(s.points)}" for s in scores]
        worth, places = places_of(part)
        found += [f"{place.rank}  {place.code}  {points.text(worth[place.code])}" for place in places]
    return found


def main(arguments: list[str]) -> int:
    """Print it all; answers 0 when the published order is right."""
    if zipfile.is_zipfile(arguments[0]):
        with zipfile.ZipFile(arguments[0]) as archive:
            record = json.loads(archive.read(RECORD))
    else:
        with open(arguments[0], encoding="utf-8") as file:
            record = json.load(file)
    right = all(is_right(part) for part in record["parts"])
    said = "The result is right." if right else "THE RESULT IS NOT THE ONE OF THIS RECORD."
    sys.stdout.write("\n".join([*lines(record), said, ""]))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
