"""A reader of the open data who keeps a cursor misses no release, whoever commits first."""

import threading

import pytest
from django.db import connection, transaction
from django.test import Client

from pliego.kernel import clock
from pliego.ledger.models import Entry
from pliego.publication.models import Release
from pliego.publication.services import publish_act
from pliego.publication.tests import given
from pliego.tendering.tests import given as tenders

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT = 0.5  # what a writer who does not wait for its turn needs, many times over


@pytest.fixture
def held(at):
    clock.hold(at)
    yield at
    clock.hold(None)


class Writer(threading.Thread):
    """Does its work in a transaction of its own, and commits when it is told to."""

    def __init__(self, work, *, is_slow):
        super().__init__(daemon=True)
        self.work, self.written, self.may_commit = work, threading.Event(), threading.Event()
        if not is_slow:
            self.may_commit.set()

    def run(self):
        try:
            with transaction.atomic():
                self.work()
                self.written.set()
                self.may_commit.wait(timeout=20)
        finally:
            connection.close()


def publishing(tender):
    entry = Entry.objects.get(file=tender.ocid, act="tender.published")
    return lambda: publish_act(file=tender.ocid, entry_id=entry.pk, tag="tender", at=entry.at)


class Reader:
    """Reads what is new, one release a page, and keeps the number of the last one it saw."""

    def __init__(self):
        self.cursor, self.found = 0, []

    def read(self):
        while True:
            package = Client().get(f"/ocds/api/v1/releases?limit=1&cursor={self.cursor}").json()
            if not package["releases"]:
                return
            release_id = package["releases"][0]["id"]
            self.found.append(release_id)
            self.cursor = Release.objects.get(release_id=release_id).pk


def read_while(slow_work, fast_work):
    """The slow one writes first and commits last; somebody reads in between and again at the end."""
    reader = Reader()
    slow, fast = Writer(slow_work, is_slow=True), Writer(fast_work, is_slow=False)
    slow.start()
    assert slow.written.wait(timeout=20)
    fast.start()
    fast.join(timeout=A_MOMENT)
    was_waiting = fast.is_alive()
    reader.read()
    slow.may_commit.set()
    slow.join(timeout=20)
    fast.join(timeout=20)
    reader.read()
    return reader.found, was_waiting


def test_an_act_that_commits_late_is_not_behind_the_cursor(held):
    first, second = tenders.published_tender(held), tenders.published_tender(held)

    found, was_waiting = read_while(publishing(first), publishing(second))

    assert was_waiting
    assert found == list(Release.objects.order_by("pk").values_list("release_id", flat=True))
    assert len(found) == 2


def test_an_import_and_an_act_take_turns(held, tmp_path):
    tender = tenders.published_tender(held)
    path = given.file(tmp_path, [given.process(1), given.process(2)])

    found, was_waiting = read_while(publishing(tender), lambda: given.loaded(path))

    assert was_waiting
    assert len(found) == 3
    assert found == list(Release.objects.order_by("pk").values_list("release_id", flat=True))


def test_a_rehearsed_import_makes_nobody_wait(held, tmp_path):
    from pliego.publication.imports import loading

    tender = tenders.published_tender(held)
    path = given.file(tmp_path, [given.process(1)])
    rehearsed = Writer(lambda: loading.load(path, companions=[], progress=lambda run: None, dry_run=True), is_slow=True)
    rehearsed.start()
    assert rehearsed.written.wait(timeout=20)

    publishing(tender)()

    rehearsed.may_commit.set()
    rehearsed.join(timeout=20)
    assert Release.objects.count() == 1
