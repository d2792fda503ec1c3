"""The sequencer: gives committed acts their place in the one global tree, and reads that tree.

Guarantees: an index is given once, in the order in which acts became visible; tiles and indexes change together; only
one process sequences at a time. It signs nothing: see `signer`.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Max

from pliego.ledger import merkle
from pliego.ledger.models import Entry, Tile

LOCK = 6962
AT_ONCE = 20_000


def sequence_once() -> int:
    """Put every committed act that has no place yet into the tree; answers how many. Nothing while another does it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT id, leaf FROM ledger_entry WHERE index IS NULL ORDER BY id LIMIT %s", [AT_ONCE])
        waiting = cursor.fetchall()
        if not waiting:
            return 0
        size = tree_size()
        changed = merkle.grow(read_tile, size, [bytes(leaf) for _id, leaf in waiting])
        cursor.executemany(
            "INSERT INTO ledger_tile (level, n, data) VALUES (%s, %s, %s)"
            " ON CONFLICT (level, n) DO UPDATE SET data = excluded.data",
            [(level, n, data) for (level, n), data in changed.items()],
        )
        cursor.execute(
            "UPDATE ledger_entry SET index = given.index"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS given (id, index) WHERE ledger_entry.id = given.id",
            [[row[0] for row in waiting], list(range(size, size + len(waiting)))],
        )
        return len(waiting)


def tree_size() -> int:
    last = Entry.objects.aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def read_tile(level: int, n: int) -> bytes:
    data = Tile.objects.filter(level=level, n=n).values_list("data", flat=True).first()
    return b"" if data is None else bytes(data)


def tree() -> merkle.Tree:
    return merkle.Tree(read_tile)


def remembering_tree() -> merkle.Tree:
    """A tree that reads each tile once, for many proofs of one size."""
    seen: dict[tuple[int, int], bytes] = {}

    def read(level: int, n: int) -> bytes:
        if (level, n) not in seen:
            seen[level, n] = read_tile(level, n)
        return seen[level, n]

    return merkle.Tree(read)


def proofs(indexes: Iterable[int], size: int) -> dict[int, Sequence[bytes]]:
    """The path of each leaf in the tree of that size."""
    read = remembering_tree()
    return {index: read.inclusion(index, size) for index in indexes}
