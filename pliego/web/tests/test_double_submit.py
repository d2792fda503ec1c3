"""The same page sent twice at once, by two connections of real PostgreSQL."""

import threading

import pytest
from django.db import connection

from pliego.kernel.models import KeptReply
from pliego.web.tests.conftest import somebody_waits


@pytest.mark.django_db(transaction=True)
class TestTwoSubmitsAtOnce:
    def test_act_once_and_both_get_the_same_answer(self, desk):
        inside, go_on, answers = threading.Event(), threading.Event(), []
        act = desk.act

        def slowly(data, actor):
            inside.set()
            assert go_on.wait(10)
            return act(data, actor)

        desk.act = slowly

        def send():
            try:
                answers.append(desk.sent(title="Chairs", una_vez="c" * 32))
            finally:
                connection.close()

        first = threading.Thread(target=send)
        first.start()
        assert inside.wait(5)
        second = threading.Thread(target=send)
        second.start()
        assert somebody_waits()
        go_on.set()
        first.join()
        second.join()

        assert len(desk.bought) == 1
        assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/hecho/")] * 2
        assert KeptReply.objects.count() == 1
