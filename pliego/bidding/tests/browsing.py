"""What the browser tests of offers share."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pliego.tendering.tests import given as tenders
from tests.tools import CHROMIUM

NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine; set PLIEGO_CHROMIUM to its path"),
]
PLANTED = "la frase plantada que nadie debe leer antes"
DONE = "[data-files] li[data-state=done]"


def url(name, tender):
    return reverse(f"bidding:{name}", args=[tender.code])


def fill(page, tender, prices=("1.200.000", "350000,50")):
    expect(page.locator("[data-line] input")).to_have_count(len(prices))  # the script draws them
    for row, price in zip(page.locator("[data-line] input").all(), prices, strict=True):
        row.fill(price)
    text = page.locator("textarea[id^=item-]")
    if text.count():
        text.first.fill(PLANTED)


def with_text(at):
    """A process whose questionnaire also asks for words, a yes or no and a date."""
    people = tenders.buyer(at)
    tender = tenders.draft_tender(at, people)
    envelope = tender.rulebook.envelopes[0].code
    for kind, title in (("text", "Propuesta técnica"), ("yes_no", "¿Acepta el plazo?"), ("date", "Fecha de entrega")):
        tenders.services.save_item(
            actor=people.ana, tender_id=tender.pk, at=at, envelope=envelope, kind=kind, title=title
        )
    tenders.services.submit_for_approval(actor=people.ana, tender_id=tender.pk, at=at)
    return tenders.services.publish_tender(actor=tenders.signed(people.beto, at), tender_id=tender.pk, at=at)


def answer_rest(page):
    page.locator("input[type=radio]").first.check()
    page.locator("input[type=date]").first.fill("2026-04-15")
