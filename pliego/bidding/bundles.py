"""The file road: a sealed offer as one ZIP (`manifest.json` and `partes/<sha256>`), made by `pliego seal`.

Guarantees: reading one never writes outside the store of parts, nor more than the manifest names.
"""

import json
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

from django.utils.translation import gettext as _

from pliego.bidding import rules, sealing
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.tendering import price_lists
from pliego.tendering.kinds import KINDS, Question, Unreadable, read
from pliego.tendering.lots import concerns

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
    """An empty respuestas.json for a process. A list of prices may come from a spreadsheet instead (`price_files`)."""
    return {
        "answers": {str(i["number"]): _blank(i) for i in process["items"] if KINDS[i["kind"]].keeps == "answers"},
        "prices": {line["key"]: "" for line in process["price_lines"]},
        "price_files": {str(i["number"]): "" for i in process["items"] if i["kind"] == "price_list"},
        "files": {str(i["number"]): [] for i in process["items"] if i["kind"] == "file" or i.get("evidence")},
        "confidential": {},
        "about": dict.fromkeys(sealing.ABOUT, ""),
        **({"lots": []} if process.get("lots") else {}),
    }


def for_the_lots(process: dict[str, Any], chosen: Collection[int]) -> dict[str, Any]:
    """The process with only the questions and prices of the whole and of those lots."""
    if not process.get("lots"):
        return process
    items = [item for item in process["items"] if concerns(item["lots"], chosen)]
    left = {item["number"] for item in items}
    lines = [line for line in process["price_lines"] if line["item"] in left]
    return {**process, "items": items, "price_lines": lines}


def lots_of(process: dict[str, Any], written: dict[str, Any]) -> list[int]:
    """The lots that respuestas.json chooses; refused unless they are lots of the process, as many as it lets one."""
    known, chosen = [lot["number"] for lot in process.get("lots", [])], written.get("lots", [])
    if not known:
        return []
    if not isinstance(chosen, list) or set(chosen) - set(known):
        sentence = _("“lots” lists numbers of lots of the process: %(lots)s.")
        told = ", ".join(str(number) for number in known)
        raise Refused(Objection("unknown_lot", sentence % {"lots": told}, "lots"))
    refuse_if_any(rules.lots_are_wrong(set(chosen), process["lots_least"], process["lots_most"]))
    return sorted(set(chosen))


def _blank(item: dict[str, Any]) -> Any:
    if item["kind"] == "table":
        return [[""] * len(item["columns"]) for _row in item["row_titles"] or [""]]
    return [] if item["kind"] == "choices" else ""


def question_of(item: dict[str, Any]) -> Question:
    lists = {name: tuple(item.get(name, ())) for name in ("options", "columns", "row_titles")}
    return Question(kind=item["kind"], is_required=item["required"], **lists)


def typed(value: Any) -> str:
    """An answer of respuestas.json as one text: lists and tables may be written as such."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False) if any(value) else ""
    return str(value).strip()


def read_prices(process: dict[str, Any], folder: Path, written: dict[str, Any]) -> list[str]:
    """Take in the prices of the spreadsheets that respuestas.json names; answers what is wrong in them."""
    found = []
    for number, name in written.get("price_files", {}).items():
        lines = [line for line in process["price_lines"] if str(line["item"]) == number]
        if not name or not lines:
            continue
        with (folder / name).open("rb") as content:
            asked = [SimpleNamespace(number=line["number"], description=line["description"]) for line in lines]
            prices, faults = price_lists.offered(asked, content)
        found += [f"{name}, {fault.row}, {fault.column} ({fault.value}): {fault.sentence}" for fault in faults]
        written["prices"] |= {line["key"]: prices[line["number"]] for line in lines if line["number"] in prices}
    return found


def missing(process: dict[str, Any], written: dict[str, Any]) -> list[str]:
    """What a filled respuestas.json lacks or says wrongly, by number and title. Answers are left as they are kept."""
    found = []
    for item in process["items"]:
        number, kind = str(item["number"]), KINDS[item["kind"]]
        why = ""
        if kind.keeps == "answers":
            try:
                written["answers"][number] = read(question_of(item), typed(written["answers"].get(number, "")))
            except Unreadable as fault:
                why = f" ({fault})"
        given = written["files"] if kind.keeps == "files" else written["answers"]
        is_missing = item["required"] and kind.keeps in {"answers", "files"} and not given.get(number)
        answered = item["required"] or written["answers"].get(number)
        lacks_file = item.get("evidence") and answered and not written["files"].get(number)
        if why or is_missing or lacks_file:
            found.append(f"{number}. {item['title']}{why}")
    if process.get("asks_guarantee") and not about_of(written).get("guarantee"):
        found.append(_("about.guarantee: the number of the guarantee of seriousness that the pliego asks for"))
    return found + [line["key"] for line in process["price_lines"] if not written["prices"].get(line["key"])]


def about_of(written: dict[str, Any]) -> dict[str, str]:
    """What respuestas.json says of the offer itself, without what it leaves empty."""
    said = written.get("about") or {}
    return {name: text for name in sealing.ABOUT if (text := str(said.get(name) or "").strip())}


def contents_of(process: dict[str, Any], folder: Path, written: dict[str, Any]) -> dict[str, sealing.Contents]:
    """The folder's answers and files, sorted into the envelopes of the process. The files stay open to be sealed."""
    kinds = {str(item["number"]): item for item in process["items"]}
    lines = {line["key"]: str(line["item"]) for line in process["price_lines"]}
    sorted_in = {}
    for envelope in process["envelopes"]:
        inside = {number for number, item in kinds.items() if item["envelope"] == envelope}
        sorted_in[envelope] = sealing.Contents(
            answers={number: typed(said) for number, said in written["answers"].items() if number in inside},
            prices={key: str(text) for key, text in written["prices"].items() if lines.get(key) in inside},
            attachments=[
                sealing.Attachment(number, Path(name).name, (folder / name).open("rb"))
                for number, names in written["files"].items()
                if number in inside
                for name in names
            ],
            confidential={n: str(why) for n, why in written.get("confidential", {}).items() if n in inside and why},
            lots=written.get("lots", ()),
            about=about_of(written) if envelope == process["envelopes"][0] else {},
        )
    return sorted_in
