"""Everything is killed while offers are presented until the deadline: what was promised is there, once, and no more.

The same with any number: `python -m benchmarks kill --rows 100000`.
"""

import copy
import json
import subprocess
import sys
from dataclasses import replace

import pytest

from pliego.ledger import merkle, notes
from tests.killing.reckoning import Evidence, Promise, Stored, forks, reckon
from tests.postgres import migrated_template, url_of

ACKNOWLEDGED, CONTROL = 2_000, 150


def told_by(command):
    """What it printed and how it ended; a run that is broken off stops its own processes first."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            figures, _none = process.communicate()
        except BaseException:
            process.terminate()
            raise
    print(figures)
    return figures, process.returncode


@pytest.mark.slow
def test_nothing_promised_is_lost_doubled_or_late_whatever_dies_and_planted_defects_are_found():
    asked = {"acknowledged": ACKNOWLEDGED, "control": CONTROL, "schema": url_of(migrated_template())}
    command = [sys.executable, "-m", "tests.killing.run", "--json"]
    command += [word for name, value in asked.items() for word in (f"--{name}", str(value))]
    figures, code = told_by(command)

    assert code == 0
    delivered, planted = json.loads(figures.splitlines()[-1])
    assert delivered["acknowledged"] >= ACKNOWLEDGED
    assert delivered["stored"] == delivered["acknowledged"]
    assert set(delivered["wrong"].values()) == {0}
    assert (delivered["forks"], delivered["unexpected"]) == (0, [])
    assert delivered["refused"] > 0
    assert delivered["heads"] > 1
    assert sum(delivered["kills"].values()) >= 5
    assert planted["wrong"]["lost"] > 0
    assert planted["wrong"]["late"] > 0


# ---- the count itself ------------------------------------------------------------------------------------------------

KEY = ("PLG.CTA.1", "a" * 32)
PROMISE = Promise(KEY, "ocid", "hash", "PLG.OFE.1", "RECEIPT-1", sent=10.0, told=11.0)
STORED = Stored(KEY, "ocid", "hash", "PLG.OFE.1", "RECEIPT-1", "leaf-1", "submitted", received=10.5)
KEPT = Evidence(
    promised=[PROMISE],
    refused=[(("PLG.CTA.1", "b" * 32), 20.0)],
    stored=[STORED],
    acts=["RECEIPT-1"],
    listed={"ocid": {"RECEIPT-1": "leaf-1"}},
    due={"ocid": 20.0},
)
OTHER = replace(STORED, key=("PLG.CTA.1", "c" * 32), bid="PLG.OFE.2", receipt="RECEIPT-2", leaf="leaf-2")


class TestTheCount:
    def test_finds_nothing_where_every_promise_was_kept(self):
        assert not any(reckon(KEPT).values())

    @pytest.mark.parametrize(
        ("what", "change"),
        [
            ("lost", {"stored": []}),
            ("lost", {"acts": []}),
            ("lost", {"stored": [replace(STORED, manifest="another")]}),
            ("lost", {"stored": [replace(STORED, receipt="another")]}),
            ("lost", {"acts": ["RECEIPT-1", "RECEIPT-2"]}),
            ("duplicated", {"stored": [STORED, replace(OTHER, key=KEY)]}),
            ("duplicated", {"stored": [STORED, OTHER]}),  # two of one supplier stand
            ("duplicated", {"acts": ["RECEIPT-1", "RECEIPT-1"]}),
            ("duplicated", {"promised": [PROMISE, replace(PROMISE, bid="PLG.OFE.2")]}),
            ("late", {"promised": [replace(PROMISE, sent=20.0, told=21.0)]}),
            ("late", {"stored": [replace(STORED, received=20.0)]}),
            ("misdated", {"stored": [replace(STORED, received=9.0)]}),
            ("misdated", {"stored": [replace(STORED, received=12.0)]}),
            ("refused_and_in", {"refused": [(KEY, 10.0)]}),
            ("unlisted", {"listed": {"ocid": {}}}),
            ("unlisted", {"listed": {"ocid": {"RECEIPT-1": "another leaf"}}}),
            ("unlisted", {"listed": {"ocid": {"RECEIPT-1": "leaf-1", "RECEIPT-9": "leaf-9"}}}),
            ("unproved", {"unproved": ["RECEIPT-1"]}),
        ],
    )
    def test_finds_each_promise_that_was_broken(self, what, change):
        assert reckon(replace(copy.deepcopy(KEPT), **change))[what]

    def test_finds_signed_heads_that_the_log_does_not_continue(self):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        private, name = Ed25519PrivateKey.generate(), "prueba/bitacora"
        key, leaves = notes.Key.of(name, private), [merkle.leaf_hash(bytes([n])) for n in range(9)]
        tiles = merkle.grow(lambda level, n: b"", 0, leaves)
        tree = merkle.Tree(lambda level, n: tiles.get((level, n), b""))

        def head(size, of=leaves):
            return notes.sign(str(notes.Checkpoint(name, size, merkle.root_of(of[:size]))), name, private)

        other = [merkle.leaf_hash(b"another"), *leaves[1:]]
        assert forks([head(3), head(8)], [head(5), head(9)], key, tree, 9) == []
        assert forks([head(3, other)], [], key, tree, 9) == [head(3, other)]
        assert forks([head(8), head(3)], [], key, tree, 9) == [head(3)]  # a log that became smaller
        assert forks([], [head(9)], key, tree, 8) == [head(9)]
