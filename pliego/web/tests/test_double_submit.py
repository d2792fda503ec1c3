"""The same page sent twice at once, by two connections of real PostgreSQL."""

import threading

import pytest
from django.db import connection

from pliego.kernel.models import KeptReply


def somebody_waits() -> bool:
    """True as soon as a connection of this database waits for another's transaction."""
    for _look in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.01)")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return True
    return False


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
