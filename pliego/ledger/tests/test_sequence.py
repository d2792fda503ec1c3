import threading

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from pliego.ledger import log, merkle
from pliego.ledger.models import Entry
from pliego.ledger.tests.given import act


class TestSequenceOnce:
    def test_places_what_is_committed_in_order(self, db, at):
        entries = [act(file=file, at=at) for file in "ABA"]

        assert log.sequence_once() == 3
        assert log.sequence_once() == 0

        assert list(Entry.objects.order_by("id").values_list("index", flat=True)) == [0, 1, 2]
        leaves = [bytes(entry.leaf) for entry in entries]
        assert log.tree().root(3) == merkle.root_of(leaves)

    def test_grows_the_tree_over_a_tile_border(self, db, at):
        leaves = []
        for step in (200, 100):
            with transaction.atomic():
                leaves += [bytes(act(file=f"F{i}", at=at).leaf) for i in range(step)]
            log.sequence_once()

        assert log.tree_size() == 300
        assert log.tree().root(300) == merkle.root_of(leaves)
        proof = log.proofs([0, 255, 256, 299], 300)
        for index, path in proof.items():
            assert merkle.verify_inclusion(leaves[index], index, 300, path, merkle.root_of(leaves))

    def test_takes_an_earlier_act_that_commits_later(self, transactional_db, at):
        begun, go_on = threading.Event(), threading.Event()

        def slow():
            with transaction.atomic():
                act(file="slow", at=at)
                begun.set()
                go_on.wait(5)
            connection.close()

        thread = threading.Thread(target=slow)
        thread.start()
        assert begun.wait(5)
        act(file="quick", at=at)

        first = log.sequence_once()
        go_on.set()
        thread.join(5)
        second = log.sequence_once()

        assert (first, second) == (1, 1)
        assert list(Entry.objects.order_by("index").values_list("file", flat=True)) == ["quick", "slow"]

    def test_leaves_the_work_to_whoever_is_at_it(self, transactional_db, at):
        act(at=at)
        holding, free = threading.Event(), threading.Event()

        def hold():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [log.LOCK])
                holding.set()
                free.wait(5)
            connection.close()

        thread = threading.Thread(target=hold)
        thread.start()
        assert holding.wait(5)

        meanwhile = log.sequence_once()
        free.set()
        thread.join(5)

        assert (meanwhile, log.sequence_once()) == (0, 1)

    def test_places_nothing_when_the_tiles_do_not_reach(self, db, at):
        act(at=at)
        log.sequence_once()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_tile")
        act(at=at)

        with pytest.raises(LookupError), transaction.atomic():
            log.sequence_once()

        assert Entry.objects.filter(index__isnull=True).count() == 1

    def test_is_a_command(self, db, at, capsys):
        act(at=at)

        call_command("sequencer", once=True)

        assert capsys.readouterr().out == "1\n"
