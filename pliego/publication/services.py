"""Publishing what happened: one release per public act, and the search row as it is now; the search, made again."""

from datetime import datetime

import msgspec
from django.db import connection, transaction

from pliego.ledger.models import Entry
from pliego.publication.imports.projecting import project
from pliego.publication.models import Process, Release
from pliego.publication.native import ocds, row
from pliego.publication.native.reading import known
from pliego.publication.ordering import take_turn

encode = msgspec.json.Encoder(decimal_format="number", order="deterministic").encode


@transaction.atomic
def publish_act(*, file: str, entry_id: int, tag: str, at: datetime) -> Process | None:
    """Write the OCDS release of an act, once, and bring the process's search row up to date."""
    process = known(file)
    if process is None:
        return None
    release_id = f"{file}-{Entry.objects.values_list('code', flat=True).get(pk=entry_id)}"
    text = encode(ocds.release(process, release_id=release_id, tag=tag, at=at)).decode()
    take_turn()
    release, _created = Release.objects.get_or_create(
        release_id=release_id, defaults={"ocid": file, "tag": tag, "released_at": at, "text": text}
    )
    newest = Process.objects.filter(ocid=file).values_list("version", flat=True).first() or 0
    return row.write(process, version=max(newest, release.pk), at=at)


BATCH = 500
VECTORS = """
UPDATE publication_process p SET doc = to_tsvector('spanish', made.words) || array_to_tsvector(made.tokens::text[])
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS made(id, words, tokens) WHERE p.id = made.id
"""


def rebuild_search() -> int:
    """Make the words and the filters of every process again; what is shown of them and their releases stay."""
    made, last = 0, 0
    while True:
        with transaction.atomic():
            rows = Process.objects.filter(pk__gt=last).order_by("pk").select_for_update()
            batch = list(rows.values_list("pk", "ocid", "source", "code", "facts")[:BATCH])
            if not batch:
                return made
            found = [(pk, *vector) for pk, *told in batch if (vector := _vector(*told))]
            with connection.cursor() as cursor:
                cursor.execute(VECTORS, [[row[i] for row in found] for i in range(3)])
        made, last = made + len(found), batch[-1][0]


def _vector(ocid: str, source: str, code: str, facts: str) -> tuple[str, str] | None:
    """The words and the tokens of a process, these as an array of the database; None of what is public no more."""
    if source != "pliego":
        projection = project(source, code, msgspec.json.decode(facts))
        return projection.words, _array(projection.tokens.split())
    process = known(ocid)
    if process is None:
        return None
    words, tokens = row.search_of(process, row.columns_of(process))
    return words, _array(tokens)


def _array(tokens: list[str]) -> str:
    return "{" + ",".join(f'"{token}"' for token in tokens) + "}"
