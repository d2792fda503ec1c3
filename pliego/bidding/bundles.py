"""The file road: a sealed offer as one ZIP (`manifest.json` and `partes/<sha256>`), made by `pliego seal`.

Guarantees: reading one never writes outside the store of parts, nor more than the manifest names.
"""

import json
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

from django.utils.translation import gettext as _

from pliego.bidding import rules, sealing
from pliego.conditions import variants
from pliego.kernel.objections import Objection, Refused, refuse_if_any
from pliego.tendering import price_lists
from pliego.tendering.kinds import KINDS, Question, Unreadable, read
from pliego.tendering.lots import concerns

MANIFEST, FOLDER = "manifest.json", "partes/"
ANSWERS = "respuestas.json"
VARIANT: dict[str, Any] = {"summary": str, "answers": dict, "prices": dict, "files": dict}


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
        **({"variant": {name: kind() for name, kind in VARIANT.items()}} if process.get("variants") else {}),
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


def variant_is_wrong(process: dict[str, Any], written: dict[str, Any]) -> Iterator[Objection]:
    """What stands against the variant of respuestas.json. It says what changes; the rest is as in the base offer, which
    is asked whole: there is no variant without it."""
    raw = written.get("variant") or {}
    if not isinstance(raw, dict) or not all(isinstance(value, VARIANT.get(name, ())) for name, value in raw.items()):
        sentence = _(
            "“variant” has “summary”, a text, and “answers”, “prices” and “files”, as those of the base offer."
        )
        yield Objection("bad_variant", sentence, "variant")
        return
    said = variant_of(written)
    if not said:
        return
    if not process.get("variants"):
        yield Objection("no_variants", _("The pliego admits no variants: leave it out."), "variant", variants.LAW)
        return
    if not str(said["summary"]).strip():
        yield Objection("no_summary", _("Write what the variant changes, and why."), "variant.summary")
    elif len(said["summary"]) > sealing.LONGEST_SUMMARY:
        sentence = _("What the variant changes is said in %(most)s letters at most.")
        yield Objection("long_summary", sentence % {"most": sealing.LONGEST_SUMMARY}, "variant.summary")
    if not any(any(part.values()) for part in (said["answers"], said["prices"], said["files"])):
        sentence = _("The variant changes nothing: write the answers, prices or files that are not those of the base.")
        yield Objection("same_as_base", sentence, "variant")
    yield from _variant_answers(process, said)


def _variant_answers(process: dict[str, Any], said: dict[str, Any]) -> Iterator[Objection]:
    """Each answer, price and file is of a question of the process that takes it, and can be read."""
    asked = {str(item["number"]): item for item in process["items"]}
    for number, value in said["answers"].items():
        field, item = f"variant.answers.{number}", asked.get(number)
        if item is None or KINDS[item["kind"]].keeps != "answers":
            yield Objection("unknown_question", _("The process has no such question to answer."), field)
            continue
        try:
            said["answers"][number] = read(replace(question_of(item), is_required=False), typed(value))
        except Unreadable as fault:
            yield Objection("unreadable", str(fault), field)
        if item.get("evidence") and said["answers"][number] and not said["files"].get(number):
            yield Objection("no_evidence", _("Choose the file that proves the answer."), f"variant.files.{number}")
    for number in said["files"]:
        item = asked.get(number)
        if item is None or not (item["kind"] == "file" or item.get("evidence")):
            sentence = _("The process has no such question with files.")
            yield Objection("unknown_question", sentence, f"variant.files.{number}")
    keys = {line["key"] for line in process["price_lines"]}
    for key, price in said["prices"].items():
        if price and (key not in keys or rules.price(price) is None):
            sentence = _("It is not a price of a line: digits and at most two decimals, as text.")
            yield Objection("not_a_price", sentence, f"variant.prices.{key}")


def variant_of(written: dict[str, Any]) -> dict[str, Any]:
    """The variant of respuestas.json, or nothing where it is empty."""
    said = {name: kind() for name, kind in VARIANT.items()} | (written.get("variant") or {})
    return said if any(said.values()) else {}


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
    sorted_in, variant = {}, variant_of(written)
    for envelope in process["envelopes"]:
        inside = {number for number, item in kinds.items() if item["envelope"] == envelope}
        is_first = envelope == process["envelopes"][0]
        own = _inside(written, inside, lines, folder)
        summary = variant["summary"].strip() if variant and is_first else ""
        sorted_in[envelope] = sealing.Contents(
            **own,
            variant=sealing.Variant(summary, **_inside(variant, inside, lines, folder)) if variant else None,
            confidential={n: str(why) for n, why in written.get("confidential", {}).items() if n in inside and why},
            lots=written.get("lots", ()),
            about=about_of(written) if is_first else {},
        )
    return sorted_in


def _inside(said: dict[str, Any], inside: set[str], lines: dict[str, str], folder: Path) -> dict[str, Any]:
    """What the offer or its variant says of the questions of one envelope."""
    return {
        "answers": {number: typed(text) for number, text in said["answers"].items() if number in inside},
        "prices": {key: str(text) for key, text in said["prices"].items() if text and lines.get(key) in inside},
        "attachments": [
            sealing.Attachment(number, Path(name).name, (folder / name).open("rb"))
            for number, names in said["files"].items()
            if number in inside
            for name in names
        ],
    }
