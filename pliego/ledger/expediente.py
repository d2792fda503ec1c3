"""The whole file as a ZIP that verifies offline: every act, its proof, one signed head, and the documents."""

import base64
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel import clock
from pliego.kernel.actors import ANYONE, Actor
from pliego.kernel.objections import Objection, Refused
from pliego.ledger import canonical, log, verify, witnessing, zips
from pliego.ledger.models import Checkpoint, Entry

Opener = Callable[[], IO[bytes]]
CHUNK = 2**20
LEEME = """Expediente {file}

Este archivo se comprueba sin conexión y sin confiar en quien lo entrega:

    pliego verify este-archivo.zip --key LLAVE

La LLAVE es la llave pública de la bitácora; cópiela del sitio o de un recibo anterior que usted conserve, no de aquí.
También puede soltar este ZIP en la página «Verificar», guardada antes en su equipo.

expediente.json   los actos en orden de folio, con su prueba; de los reservados, solo la huella
documentos/       los documentos que los actos nombran por su SHA-256
otros/            documentos que ningún acto legible aquí nombra: nadie responde aquí por su contenido
datos/            copias por comodidad (por ejemplo los datos OCDS y el índice de documentos)

Actos: {acts}. Cabeza firmada de la bitácora: {size} actos. Hecho el {made_at}.
"""


def build(
    file: str,
    documents: Iterable[tuple[str, str, Opener]],
    extra: Iterable[tuple[str, bytes]],
    out: IO[bytes],
    actor: Actor = ANYONE,
) -> int:
    """Write the ZIP of a file to `out`, which need not be seekable; answers how many acts it holds.

    It has the text of the acts that the actor may read: of the others, as of what is reserved to everybody, the hash.
    `documents` are (name, sha256, opener); a document whose bytes do not have that hash stops the writing.
    """
    head = Checkpoint.objects.order_by("-size").first()
    sealed = list(Entry.objects.of_file(file).filter(index__lt=head.size)) if head else []
    if head is None or not sealed:
        raise Refused(Objection("not_sealed", _("The acts of this file are still being sealed. Try in a moment.")))
    read = set(Entry.objects.visible_to(actor).of_file(file).values_list("pk", flat=True))
    named = {digest for entry in sealed if entry.pk in read for digest in entry.documents}
    written: list[dict[str, str]] = []
    archive = zips.Writer(out)
    for name, digest, opener in documents:
        inside = _free_name(verify.DOCUMENTS if digest in named else verify.UNNAMED, name, written)
        crc, size = _measure(inside, digest, opener)
        with opener() as content:
            archive.add(inside, crc, size, verify.chunks(content))
        written.append({"name": inside, "sha256": digest})
    manifest = _manifest(file, sealed, head, read)
    readme = LEEME.format(file=file, acts=len(sealed), size=head.size, made_at=manifest["made_at"]).encode()
    loose = [(_free_name(verify.EXTRA, name, written), data) for name, data in extra]
    for inside, data in [*loose, (verify.README, readme)]:
        archive.add_bytes(inside, data)
        written.append({"name": inside, "sha256": hashlib.sha256(data).hexdigest()})
    manifest["documents"] = written
    manifest["sha256"] = verify.own_digest(manifest)
    archive.add_bytes(verify.MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    archive.close()
    return len(sealed)


def _manifest(file: str, sealed: list[Entry], head: Checkpoint, read: set[int]) -> dict[str, Any]:
    paths = log.proofs([entry.index for entry in sealed if entry.index is not None], head.size)
    return {
        "format": verify.EXPEDIENTE,
        "file": file,
        "made_at": canonical.instant(clock.now()),
        "checkpoint": witnessing.note_of(head),
        "vkey": head.vkey,
        "unsealed": Entry.objects.of_file(file).count() - len(sealed),
        "acts": [_act(entry, paths, is_read=entry.pk in read) for entry in sealed],
    }


def _act(entry: Entry, paths: dict[int, Any], *, is_read: bool) -> dict[str, Any]:
    assert entry.index is not None
    return {
        "folio": entry.folio,
        "index": entry.index,
        "previous": bytes(entry.previous).hex(),
        "leaf": entry.leaf_hex,
        "inclusion": [base64.b64encode(step).decode() for step in paths[entry.index]],
        "body": entry.body if is_read else None,
    }


def _free_name(folder: str, name: str, written: list[dict[str, str]]) -> str:
    """A name inside the folder that no other document has; never a path of its own."""
    path = PurePosixPath(name.replace("\\", "/")).name or "documento"
    stem, suffix, used = PurePosixPath(path).stem, PurePosixPath(path).suffix, {row["name"] for row in written}
    found, number = f"{folder}{path}", 1
    while found in used:
        number += 1
        found = f"{folder}{stem} ({number}){suffix}"
    return found


def _measure(name: str, digest: str, opener: Opener) -> tuple[int, int]:
    """CRC and size of a document, read once before it is written to see that it is what the act named."""
    found, crc, size = hashlib.sha256(), 0, 0
    with opener() as content:
        while chunk := content.read(CHUNK):
            found.update(chunk)
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
    if found.hexdigest() != digest:
        raise ValueError(f"{name} is stored with other bytes than its SHA-256 says")
    return crc, size
