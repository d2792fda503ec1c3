"""Publishing what happened: one release per public act, and the search row as it is now."""

from datetime import datetime

import msgspec
from django.db import transaction

from pliego.ledger.models import Entry
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
