"""What the lots of a process ask of its questionnaire."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection


def concerns(lots: Collection[int], chosen: Collection[int]) -> bool:
    """Whether a question is for who offers for those lots: one of the whole, or of one of them."""
    return not lots or not set(lots).isdisjoint(chosen)


def questions_do_not_fit(tender: Any) -> Iterator[Objection]:
    """Questions of lots that there are not; and each lot with prices of its own, because each is awarded apart."""
    numbers, items = tender.lot_numbers, list(tender.items.all())
    for item in items:
        for number in sorted(set(item.lots).difference(numbers)):
            sentence = _("Question %(n)s, “%(title)s”, is of the lot %(lot)s, which this process does not have.")
            told = {"n": item.number, "title": item.title, "lot": number}
            yield Objection("unknown_lot", sentence % told, f"item-{item.number}")
    if not numbers:
        return
    lists = [item for item in items if item.kind == "price_list"]
    for item in lists:
        if len(item.lots) != 1:
            sentence = _("The price list “%(title)s” must be of one lot: each lot is priced and awarded apart.")
            yield Objection("price_list_of_no_lot", sentence % {"title": item.title}, f"item-{item.number}")
    priced = {number for item in lists for number in item.lots}
    for number in numbers if tender.rulebook.evaluation.rule != "none" else ():
        if number not in priced:
            sentence = _("The lot %(lot)s has no price list: add one to the questionnaire.")
            yield Objection("lot_without_prices", sentence % {"lot": number}, "questionnaire")
