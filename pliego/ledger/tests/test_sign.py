import json
import random
import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from pliego.ledger import audit, log, merkle, notes, signer
from pliego.ledger.models import Checkpoint, Entry
from pliego.ledger.tests.given import FileOpened, SecretKept, act


def sealed(*entries):
    log.sequence_once()
    return signer.sign_once()


def as_the_database_administrator(*statements):
    """What somebody with all rights over the database can do: triggers do not bind them."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


class TestSignOnce:
    def test_signs_the_head(self, db, at, settings):
        entry = act(at=at)

        head = sealed()

        key = notes.Key.parse(head.vkey)
        assert notes.open_checkpoint(head.note, key) == notes.Checkpoint(
            settings.PLIEGO_LEDGER_ORIGIN, 1, bytes(entry.leaf)
        )
        assert (settings.PLIEGO_SIGNER_DIR / signer.VKEY_FILE).read_text().strip() == head.vkey

    def test_has_nothing_to_say_twice(self, db, at):
        assert signer.sign_once() is None
        act(at=at)
        assert sealed() is not None
        assert signer.sign_once() is None

    def test_signs_only_what_continues_the_last_head(self, db, at):
        for _ in range(3):
            act(at=at)
            sealed()

        first, second, third = Checkpoint.objects.order_by("size")
        tree = log.tree()
        assert merkle.verify_consistency(1, 3, bytes(first.root), bytes(third.root), tree.consistency(1, 3))
        assert merkle.verify_consistency(2, 3, bytes(second.root), bytes(third.root), tree.consistency(2, 3))

    def test_keeps_its_key_to_itself(self, db, at, settings):
        act(at=at)
        sealed()

        mode = (settings.PLIEGO_SIGNER_DIR / signer.KEY_FILE).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
        assert stat.S_IMODE(settings.PLIEGO_SIGNER_DIR.stat().st_mode) == 0o700

    def test_signs_the_same_head_again_after_a_crash_before_publishing(self, db, at):
        act(at=at)
        log.sequence_once()
        with transaction.atomic():
            lost = signer.sign_once()
            transaction.set_rollback(True)

        again = signer.sign_once()

        assert lost.note == again.note

    def test_refuses_a_smaller_tree(self, db, at, settings):
        act(at=at)
        act(at=at)
        sealed()
        as_the_database_administrator("DELETE FROM ledger_entry WHERE index = 1")

        with pytest.raises(signer.TreeRefused, match="has 1 acts and 2 were signed"):
            signer.sign_once()

    def test_refuses_a_forked_tree(self, db, at):
        act(at=at)
        act(at=at)
        sealed()
        as_the_database_administrator(
            "UPDATE ledger_entry SET index = 9 WHERE index = 0",
            "UPDATE ledger_entry SET index = 0 WHERE index = 1",
            "UPDATE ledger_entry SET index = 1 WHERE index = 9",
            "UPDATE ledger_tile SET data = substring(data from 33 for 32) || substring(data from 1 for 32)",
        )
        act(at=at)
        log.sequence_once()

        with pytest.raises(signer.TreeRefused, match="does not contain"):
            signer.sign_once()
        assert Checkpoint.objects.count() == 1

    def test_refuses_the_same_size_with_another_root(self, db, at):
        act(at=at)
        sealed()
        as_the_database_administrator("UPDATE ledger_tile SET data = decode(repeat('00', 32), 'hex')")

        with pytest.raises(signer.TreeRefused):
            signer.sign_once()

    def test_refuses_to_go_on_with_a_new_key(self, db, at, settings):
        act(at=at)
        sealed()
        (settings.PLIEGO_SIGNER_DIR / signer.KEY_FILE).unlink()
        act(at=at)
        log.sequence_once()

        with pytest.raises(signer.TreeRefused, match="its key is gone"):
            signer.sign_once()

    def test_is_watched_for_growth_and_now_and_then_for_rewriting(self, db, at, monkeypatch):
        watch = signer.Watch()
        act(at=at)
        log.sequence_once()
        watch()
        assert Checkpoint.objects.count() == 1

        as_the_database_administrator("UPDATE ledger_tile SET data = decode(repeat('00', 32), 'hex')")
        watch()  # nothing grew
        monkeypatch.setattr(signer.Watch, "LOOK_ANYWAY", -1)

        with pytest.raises(signer.TreeRefused):
            watch()

    def test_is_a_command_that_fails_loudly(self, db, at, settings, capsys):
        act(at=at)
        log.sequence_once()
        call_command("signer", once=True)
        assert capsys.readouterr().out.startswith(settings.PLIEGO_LEDGER_ORIGIN)
        head = settings.PLIEGO_SIGNER_DIR / signer.HEAD_FILE
        head.write_text(json.dumps(json.loads(head.read_text()) | {"size": 5}))

        with pytest.raises(CommandError, match="5 were signed"):
            call_command("signer", once=True)


# What an insider with all rights might do (security.md, attack A14); {i} and {j} are two acts.
TAMPERINGS = {
    "change the text": ["UPDATE ledger_entry SET body = replace(body, 'Ana', 'Eva') WHERE index = {i}"],
    "change text and hash": [
        "UPDATE ledger_entry SET body = replace(body, 'Ana', 'Eva') WHERE index = {i}",
        "UPDATE ledger_entry SET leaf = sha256(decode('00', 'hex') || convert_to(body, 'UTF8')) WHERE index = {i}",
    ],
    "back-date": ["UPDATE ledger_entry SET at = at - interval '3 hours' WHERE index = {i}"],
    "back-date text too": [
        "UPDATE ledger_entry SET at = at - interval '1 hour', body = replace(body, 'T14:', 'T13:') WHERE index = {i}",
        "UPDATE ledger_entry SET leaf = sha256(decode('00', 'hex') || convert_to(body, 'UTF8')) WHERE index = {i}",
    ],
    "drop": ["DELETE FROM ledger_entry WHERE index = {i}"],
    "drop and close the gap": [
        "DELETE FROM ledger_entry WHERE index = {i}",
        "UPDATE ledger_entry SET index = -index WHERE index > {i}",
        "UPDATE ledger_entry SET index = -index - 1 WHERE index < 0",
    ],
    "reorder": [
        "UPDATE ledger_entry SET index = -1 WHERE index = {i}",
        "UPDATE ledger_entry SET index = {i} WHERE index = {j}",
        "UPDATE ledger_entry SET index = {j} WHERE index = -1",
    ],
    "swap documents": ["UPDATE ledger_entry SET documents = array[repeat('cd', 32)] WHERE index = {i}"],
    "move to another file": ["UPDATE ledger_entry SET file = 'other' WHERE index = {i}"],
    "roll back to a backup": ["DELETE FROM ledger_entry WHERE index >= {i}"],
}


def rebuild_the_tree():
    """An insider who recomputes all that follows from the rows."""
    leaves = [bytes(leaf) for leaf in Entry.objects.sequenced().order_by("index").values_list("leaf", flat=True)]
    as_the_database_administrator("DELETE FROM ledger_tile")
    for (level, n), data in merkle.grow(lambda level, n: b"", 0, leaves).items():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO ledger_tile (level, n, data) VALUES (%s, %s, %s)", [level, n, data])


@pytest.fixture
def outside(db, at):
    """A log of 24 acts in three files, and the checkpoint that an auditor took home."""
    for i in range(24):
        act(SecretKept if i % 5 == 0 else FileOpened, file="ABC"[i % 3], documents=("ab" * 32,), at=at)
    return sealed()


class TestAudit:
    def test_finds_nothing_in_a_whole_log(self, outside, at):
        act(at=at)
        sealed()

        assert audit.findings(old_note=outside.note, key=notes.Key.parse(outside.vkey)) == []

    @pytest.mark.parametrize("rebuilt", [False, True], ids=["plain", "tree rebuilt"])
    @pytest.mark.parametrize("name", TAMPERINGS)
    def test_finds_what_an_insider_did(self, outside, name, rebuilt):
        key, chance = notes.Key.parse(outside.vkey), random.Random(name)
        for _ in range(10):
            i, j = sorted(chance.sample(range(24), 2))
            with transaction.atomic():
                as_the_database_administrator(*(statement.format(i=i, j=j) for statement in TAMPERINGS[name]))
                if rebuilt:
                    rebuild_the_tree()

                assert audit.findings(old_note=outside.note, key=key), (name, i, j)
                transaction.set_rollback(True)

    def test_is_a_command(self, outside, tmp_path, capsys):
        saved = tmp_path / "checkpoint"
        saved.write_text(outside.note)
        call_command("audit", checkpoint=saved)
        assert capsys.readouterr().out == "the log is whole\n"

        as_the_database_administrator("DELETE FROM ledger_entry WHERE index = 23")

        with pytest.raises(CommandError, match="findings"):
            call_command("audit", checkpoint=saved)
