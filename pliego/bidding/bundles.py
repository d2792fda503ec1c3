"""The file road: a sealed offer as one ZIP (`manifest.json` and `partes/<sha256>`), made by `pliego seal`.

Guarantees: reading one never writes outside the store of parts, nor more than the manifest names.
"""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from pliego.bidding import sealing
from pliego.kernel.objections import Objection, Refused

MANIFEST, FOLDER = "manifest.json", "partes/"
ANSWERS = "respuestas.json"


def write(path: Path, process: dict[str, Any], supplier: str, contents: dict[str, sealing.Contents]) -> dict[str, Any]:
    """Seal the contents straight into a ZIP; answers the manifest."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as bundle:
        manifest = sealing.seal(
            process,
            supplier,
            contents,
            lambda sha256, part: bundle.writestr(FOLDER + sha256, part),
            bundle="pliego-seal",
        )
        bundle.writestr(MANIFEST, sealing.canonical(manifest))
    return manifest


def refused() -> Refused:
    sentence = _("This is not a sealed offer made by “pliego seal”. Choose the ZIP that the command wrote.")
    return Refused(Objection("not_a_bundle", sentence, "bundle"))


def read_manifest(bundle: zipfile.ZipFile) -> dict[str, Any]:
    try:
        if bundle.getinfo(MANIFEST).file_size > sealing.LARGEST_MANIFEST:
            raise refused()
        manifest = json.loads(bundle.read(MANIFEST))
    except (KeyError, ValueError, RecursionError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise refused() from None
    if not isinstance(manifest, dict):
        raise refused()
    return manifest


def opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise refused() from None


def parts_of(bundle: zipfile.ZipFile, manifest: dict[str, Any]) -> Iterator[tuple[str, IO[bytes]]]:
    """Each part that a checked manifest names, open for reading."""
    rows = [row for envelope in manifest["envelopes"] for row in envelope["files"]]
    for sha256 in dict.fromkeys(part for row in rows for part in row["parts"]):
        try:
            with bundle.open(FOLDER + sha256) as part:
                yield sha256, part
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            raise refused() from None


# ---- the folder that `pliego seal` reads -----------------------------------------------------------------------------


def template(process: dict[str, Any]) -> dict[str, Any]:
    """An empty respuestas.json for a process."""
    kinds = {"file": [str(i["number"]) for i in process["items"] if i["kind"] == "file"]}
    asked = [str(i["number"]) for i in process["items"] if i["kind"] not in {"file", "price_list", "info"}]
    return {
        "answers": dict.fromkeys(asked, ""),
        "prices": {line["key"]: "" for line in process["price_lines"]},
        "files": {number: [] for number in kinds["file"]},
    }


def missing(process: dict[str, Any], written: dict[str, Any]) -> list[str]:
    """What a filled respuestas.json still lacks, by number and title."""
    found = []
    for item in process["items"]:
        number = str(item["number"])
        given = written["files"] if item["kind"] == "file" else written["answers"]
        if item["required"] and item["kind"] not in {"price_list", "info"} and not given.get(number):
            found.append(f"{number}. {item['title']}")
    return found + [line["key"] for line in process["price_lines"] if not written["prices"].get(line["key"])]


def contents_of(process: dict[str, Any], folder: Path, written: dict[str, Any]) -> dict[str, sealing.Contents]:
    """The folder's answers and files, sorted into the envelopes of the process. The files stay open to be sealed."""
    kinds = {str(item["number"]): item for item in process["items"]}
    lines = {line["key"]: str(line["item"]) for line in process["price_lines"]}
    sorted_in = {}
    for envelope in process["envelopes"]:
        inside = {number for number, item in kinds.items() if item["envelope"] == envelope}
        sorted_in[envelope] = sealing.Contents(
            answers={number: str(text) for number, text in written["answers"].items() if number in inside},
            prices={key: str(text) for key, text in written["prices"].items() if lines.get(key) in inside},
            attachments=[
                sealing.Attachment(number, Path(name).name, (folder / name).open("rb"))
                for number, names in written["files"].items()
                if number in inside
                for name in names
            ],
        )
    return sorted_in
