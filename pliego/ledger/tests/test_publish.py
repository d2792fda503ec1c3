import hashlib
import json
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from pliego.kernel.actors import Actor, Signature
from pliego.kernel.events import REACTIONS, Announced, on
from pliego.ledger import outbox
from pliego.ledger.models import Entry
from pliego.ledger.tests.given import ANA, FileOpened, SecretKept, act


@pytest.fixture
def heard():
    """A subscriber of FileOpened that remembers what it heard."""
    announced: list[Announced] = []

    def remember(what: Announced) -> None:
        announced.append(what)

    on(FileOpened)(remember)
    yield announced
    REACTIONS[FileOpened.code] = {
        name: reaction for name, reaction in REACTIONS[FileOpened.code].items() if reaction is not remember
    }


class TestPublish:
    def test_writes_the_act_and_its_hash(self, db, at):
        entry = act(data={"title": "Útiles de aseo"}, documents=("ab" * 32,), at=at)

        body = json.loads(entry.body)
        assert body["who"]["name"] == "Ana"
        assert body["data"] == {"title": "Útiles de aseo"}
        assert body["documents"] == ["ab" * 32]
        assert (body["folio"], body["previous"]) == (1, "")
        assert body["at"] == "2026-03-02T14:00:00.000000Z"
        assert bytes(entry.leaf) == hashlib.sha256(b"\x00" + entry.body.encode()).digest()

    def test_chains_the_acts_of_one_file(self, db, at):
        first, other, second = act(file="A", at=at), act(file="B", at=at), act(file="A", at=at)

        assert (first.folio, other.folio, second.folio) == (1, 1, 2)
        assert bytes(second.previous) == bytes(first.leaf)
        assert second.content["previous"] == first.leaf_hex

    def test_keeps_the_signature(self, db, at):
        signed = ANA.with_signature(Signature("totp", at, {"counter": 7}))

        entry = act(actor=signed, at=at)

        assert entry.content["signature"] == {
            "method": "totp",
            "signed_at": "2026-03-02T14:00:00.000000Z",
            "evidence": {"counter": 7},
        }

    def test_salts_what_is_private_and_discloses_it_later(self, db, at):
        entry = act(SecretKept, at=at)
        again = act(SecretKept, at=at)

        assert len(entry.content["salt"]) == 32
        assert entry.content["salt"] != again.content["salt"]
        assert list(Entry.objects.disclosed()) == []
        assert outbox.disclose([entry.pk], at) == 1
        assert list(Entry.objects.disclosed()) == [entry]

    def test_refuses_numbers_that_languages_disagree_about(self, db, at):
        with pytest.raises(TypeError, match=r"\$\.data\.price: float"):
            act(data={"price": 1.5}, at=at)

    def test_refuses_to_stand_outside_a_transaction(self, transactional_db, at):
        with pytest.raises(RuntimeError, match="inside the transaction"):
            outbox.publish(FileOpened(file="A", subject_id=1), actor=ANA, at=at)

    def test_leaves_nothing_behind_when_the_act_fails(self, db, at):
        def fail():
            with transaction.atomic():
                act(at=at)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()

        assert not Entry.objects.exists()
        assert act(at=at).folio == 1

    def test_gives_racing_acts_of_one_file_consecutive_folios(self, transactional_db, at):
        start, faults = threading.Barrier(4), []

        def race():
            try:
                start.wait(5)
                for _ in range(5):
                    act(file="A", at=at)
            except Exception as error:
                faults.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=race) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

        assert faults == []
        entries = list(Entry.objects.of_file("A"))
        assert [entry.folio for entry in entries] == list(range(1, 21))
        leaves = [b"", *(bytes(entry.leaf) for entry in entries)]
        assert [bytes(entry.previous) for entry in entries] == leaves[:-1]


class TestReactions:
    def test_hear_the_act_in_the_workers_turn(self, db, at, heard, run_reactions):
        entry = act(data={"a": 1}, subject_id=9, at=at)
        assert heard == []

        assert run_reactions() == 1

        assert len(heard) == 1
        assert (heard[0].entry_id, heard[0].subject_id, heard[0].data, heard[0].at) == (entry.pk, 9, {"a": 1}, at)
        assert heard[0].actor_name == "Ana"
        assert run_reactions() == 0

    def test_are_raised_when_they_fail(self, db, at, run_reactions):
        def fail(what: Announced) -> None:
            raise ZeroDivisionError

        on(FileOpened)(fail)
        act(at=at)

        try:
            with pytest.raises(ZeroDivisionError):
                run_reactions()
        finally:
            REACTIONS[FileOpened.code].clear()

    def test_of_a_rolled_back_act_never_run(self, db, at, heard, run_reactions):
        with transaction.atomic():
            act(at=at)
            transaction.set_rollback(True)

        assert run_reactions() == 0
        assert heard == []


class TestTheDatabase:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_entry SET body = '{}'",
            "UPDATE ledger_entry SET at = at - interval '1 day'",
            "UPDATE ledger_entry SET is_public = false",
            "DELETE FROM ledger_entry",
        ],
    )
    def test_refuses_to_change_an_act(self, db, at, statement):
        act(at=at)

        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_does_not_serialise_commits_with_notify(self, db):
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'procrastinate_jobs'::regclass")
            assert not [name for (name,) in cursor.fetchall() if "job_inserted" in name]


class TestVisibleTo:
    def test_agrees_with_the_single_answer(self, db, at):
        mine, public, theirs = (
            act(SecretKept, at=at),
            act(FileOpened, actor=Actor(user_id=2, account_id=20), at=at),
            act(SecretKept, actor=Actor(user_id=2, account_id=20), at=at),
        )
        for actor in (ANA, Actor(), Actor(user_id=2), Actor(user_id=3, account_id=20)):
            seen = set(Entry.objects.visible_to(actor))
            assert seen == {entry for entry in (mine, public, theirs) if entry.can_be_seen_by(actor)}
        assert set(Entry.objects.visible_to(ANA)) == {mine, public}
