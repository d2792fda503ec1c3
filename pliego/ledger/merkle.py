"""The Merkle tree of RFC 6962 (RFC 9162 section 2.1) over tiles of 256 hashes (C2SP tlog-tiles).

Guarantees: what `verify_inclusion` and `verify_consistency` accept follows from the hashes alone; a malformed proof is
an answer (False), never an exception. Plain Python, no dependency: an auditor can run this file by itself.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

HASH = 32
WIDTH = 256
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two smaller than `size`: where a tree of that size parts."""
    return 1 << (size - 1).bit_length() - 1


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root by the recursive definition; for few leaves and for tests."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    half = split(len(leaves))
    return node_hash(root_of(leaves[:half]), root_of(leaves[half:]))


# ---- what an auditor runs ------------------------------------------------------------------------------------------


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Iterable[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to; nothing when the path has the wrong length for that place."""
    if not 0 <= index < size or len(leaf) != HASH:
        return None
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0 or len(sibling) != HASH:
            return None
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Iterable[bytes], root: bytes) -> bool:
    """Whether the tree of that size and root holds the leaf at that index."""
    return root_from_inclusion(leaf, index, size, proof) == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the new tree only added leaves to the old one. A tree of size zero proves nothing and is refused."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not proof or any(len(step) != HASH for step in path):
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node_hash(step, found_old), node_hash(step, found_new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


# ---- the tree in tiles ---------------------------------------------------------------------------------------------

ReadTile = Callable[[int, int], bytes]  # level, number -> up to 256 hashes, b"" when there is none


class Tree:
    """A tree read from its tiles. Level 0 holds leaves; level n holds the roots of the full tiles of level n-1."""

    def __init__(self, read: ReadTile) -> None:
        self.read = read

    def root(self, size: int) -> bytes:
        return self._range(0, size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The path of leaf `index` in the tree of that size."""
        if not 0 <= index < size:
            raise ValueError(f"a tree of {size} has no leaf {index}")
        path, low, high = [], 0, size
        while high - low > 1:
            middle = low + split(high - low)
            if index < middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low = middle
        return path[::-1]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the tree of size `new` only adds to that of size `old`."""
        if not 0 < old <= new:
            raise ValueError(f"a tree of {new} does not continue one of {old}")
        path, low, high = [], 0, new
        while old != high:
            middle = low + split(high - low)
            if old <= middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low = middle
        if low:
            path.append(self._range(low, high))
        return path[::-1]

    def _range(self, low: int, high: int) -> bytes:
        width = high - low
        if width == 0:
            return EMPTY_ROOT
        if width & (width - 1) == 0:
            return self._perfect(low, width)
        middle = low + split(width)
        return node_hash(self._range(low, middle), self._range(middle, high))

    def _perfect(self, low: int, width: int) -> bytes:
        level = 0
        while width >= WIDTH:
            width, low, level = width // WIDTH, low // WIDTH, level + 1
        start = low % WIDTH * HASH
        hashes = self.read(level, low // WIDTH)[start : start + width * HASH]
        if len(hashes) != width * HASH:
            raise LookupError(f"tile {low // WIDTH} of level {level} is missing or short")
        return fold(hashes)


def fold(hashes: bytes) -> bytes:
    """The root of a power of two of hashes side by side."""
    level = [hashes[i : i + HASH] for i in range(0, len(hashes), HASH)]
    while len(level) > 1:
        level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
    return level[0]


def grow(read: ReadTile, size: int, leaves: Iterable[bytes]) -> dict[tuple[int, int], bytes]:
    """The tiles that change when `leaves` are added to the tree of `size`. Nothing is written."""
    changed: dict[tuple[int, int], bytes] = {}
    level, start, added = 0, size, list(leaves)
    while added:
        n, filled, above = start // WIDTH, start % WIDTH, []
        tile = bytearray(read(level, n)[: filled * HASH] if filled else b"")
        if len(tile) != filled * HASH:
            raise LookupError(f"tile {n} of level {level} does not reach size {size}")
        for found in added:
            tile += found
            if len(tile) == WIDTH * HASH:
                changed[level, n] = bytes(tile)
                above.append(fold(bytes(tile)))
                n, tile = n + 1, bytearray()
        if tile:
            changed[level, n] = bytes(tile)
        level, start, added = level + 1, start // WIDTH, above
    return changed
