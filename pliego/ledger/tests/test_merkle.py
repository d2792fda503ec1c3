import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.ledger import merkle
from tests import shared

# The leaves and roots that Certificate Transparency implementations publish as their common test.
LEAVES = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    bytes(range(0x50, 0x58)),
    bytes(range(0x60, 0x70)),
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Tiles(dict):
    def read(self, level, n):
        return self.get((level, n), b"")

    def add(self, size, leaves):
        self.update(merkle.grow(self.read, size, leaves))
        return size + len(leaves)

    @property
    def tree(self):
        return merkle.Tree(self.read)


def numbered(count):
    return [hashlib.sha256(b"%d" % i).digest() for i in range(count)]


class TestPublishedValues:
    def test_the_empty_tree(self):
        assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @pytest.mark.parametrize("size", range(1, 9))
    def test_roots_of_the_common_leaves(self, size):
        leaves = [merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]
        tiles = Tiles()
        tiles.add(0, leaves)

        assert merkle.root_of(leaves).hex() == ROOTS[size - 1]
        assert tiles.tree.root(size).hex() == ROOTS[size - 1]

    def test_inclusion_vectors(self):
        checked = 0
        for line in (shared.path("merkle") / "inclusion.jsonl").read_text().splitlines():
            v = json.loads(line)
            leaf, root = base64.b64decode(v["leafHash"] or ""), base64.b64decode(v["root"] or "")
            proof = [base64.b64decode(step) for step in v["proof"] or []]
            found = merkle.verify_inclusion(leaf, v["leafIdx"], v["treeSize"], proof, root)
            assert found is not v["wantErr"], v["name"]
            checked += 1
        assert checked > 90

    def test_consistency_vectors(self):
        checked = 0
        for line in (shared.path("merkle") / "consistency.jsonl").read_text().splitlines():
            v = json.loads(line)
            roots = [base64.b64decode(v[name] or "") for name in ("root1", "root2")]
            proof = [base64.b64decode(step) for step in v["proof"] or []]
            found = merkle.verify_consistency(v["size1"], v["size2"], *roots, proof)
            assert found is not v["wantErr"], v["name"]
            checked += 1
        assert checked > 90


class TestTree:
    @given(st.lists(st.integers(1, 300), min_size=1, max_size=4))
    def test_grown_in_any_steps_is_the_recursive_one(self, steps):
        leaves, tiles, size = numbered(sum(steps)), Tiles(), 0
        for step in steps:
            size = tiles.add(size, leaves[size : size + step])

        assert tiles.tree.root(size) == merkle.root_of(leaves)

    @given(st.data())
    def test_proves_every_leaf_and_nothing_else(self, data):
        size = data.draw(st.integers(1, 600))
        index = data.draw(st.integers(0, size - 1))
        leaves, tiles = numbered(size), Tiles()
        tiles.add(0, leaves)
        root, proof = tiles.tree.root(size), tiles.tree.inclusion(index, size)

        assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
        assert not merkle.verify_inclusion(leaves[index - 1], index, size, proof, root) or size == 1
        assert not merkle.verify_inclusion(leaves[index], index, size, [*proof, root], root)
        assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root) or size == 1

    @given(st.data())
    def test_proves_that_it_only_grew(self, data):
        new = data.draw(st.integers(1, 600))
        old = data.draw(st.integers(1, new))
        leaves, tiles = numbered(new), Tiles()
        tiles.add(0, leaves)
        old_root, new_root = merkle.root_of(leaves[:old]), merkle.root_of(leaves)
        proof = tiles.tree.consistency(old, new)

        assert merkle.verify_consistency(old, new, old_root, new_root, proof)
        other = merkle.root_of([b"\x00" * 32, *leaves[1:old]])
        assert not merkle.verify_consistency(old, new, other, new_root, proof)

    def test_of_three_levels_proves_its_borders(self):
        size = 256 * 256 + 257
        leaves, tiles = numbered(size), Tiles()
        tiles.add(0, leaves)
        root = tiles.tree.root(size)

        assert {level for level, _n in tiles} == {0, 1, 2}
        for index in (0, 255, 256, 65_535, 65_536, size - 1):
            assert merkle.verify_inclusion(leaves[index], index, size, tiles.tree.inclusion(index, size), root)
        old_root = tiles.tree.root(65_535)
        assert merkle.verify_consistency(65_535, size, old_root, root, tiles.tree.consistency(65_535, size))

    def test_refuses_to_grow_from_a_size_that_it_has_not(self):
        tiles = Tiles()
        tiles.add(0, numbered(3))

        with pytest.raises(LookupError):
            merkle.grow(tiles.read, 4, numbered(1))
        with pytest.raises(LookupError):
            tiles.tree.root(5)
