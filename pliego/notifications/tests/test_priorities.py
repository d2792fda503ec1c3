"""Whoever waits before their screen does not wait behind the notices of what others did."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from pliego.accounts import tasks as accounts
from pliego.bidding import tasks as bidding
from pliego.kernel.priorities import PERSONAL
from pliego.ledger import outbox
from pliego.notifications import tasks as notices


@pytest.mark.django_db
def test_terms_come_first_then_peoples_own_letters_then_notices():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    for number in range(3):
        notices.send.defer(mail_id=number)
    accounts.mail_device_link.defer(email="ana@pliego.example")
    bidding.close_due.defer(timestamp=0)

    order = [outbox._take_job()[1] for _turn in range(5)]

    assert order == ["bidding.close_due", "accounts.mail_device_link", *["notifications.send"] * 3]


def test_every_letter_about_ones_own_access_is_personal():
    letters = {name: task.priority for name, task in app.tasks.items() if name.startswith("accounts.mail")}

    assert len(letters) >= 3
    assert set(letters.values()) == {PERSONAL}
