"""The note of a practice installation that is still being filled, with a second connection that fills it."""

import threading

import pytest
from django.db import connection

from pliego.workspace import filling

SAYS = "se está llenando"


@pytest.mark.django_db(transaction=True)
class TestFilling:
    @pytest.fixture
    def filler(self):
        started, go_on = threading.Event(), threading.Event()

        def fill():
            with filling.only_one():
                started.set()
                assert go_on.wait(20)
            connection.close()

        thread = threading.Thread(target=fill)
        thread.start()
        assert started.wait(20)
        yield go_on
        go_on.set()
        thread.join(20)

    def test_is_told_while_it_lasts(self, client, filler):
        during = client.get("/demo/").content.decode()
        filler.set()
        with filling.only_one():  # waits for the first
            pass

        assert SAYS in during
        assert SAYS not in client.get("/demo/").content.decode()

    def test_is_nothing_to_production(self, settings, filler):
        settings.PLIEGO_PRACTICE = False

        assert not filling.is_under_way()
