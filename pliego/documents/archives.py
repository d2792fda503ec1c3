"""A bounded look into ZIP folders and into the Office files that are ZIP folders too."""

import itertools
import re
import stat
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from typing import IO

from pliego.documents import office
from pliego.documents.budget import MAX_DEPTH, MAX_RATIO, RATIO_MATTERS_FROM, Budget
from pliego.documents.kinds import ALLOWED
from pliego.documents.refusals import refusal
from pliego.kernel.objections import Objection

Look = Callable[[IO[bytes], str, tuple[str, ...], Budget], tuple[str, list[Objection]]]
IN_MEMORY = 4 << 20
LOCAL_HEADER = 30
END_OF_DIRECTORY = b"PK\5\6"
TRAIL = 66_000  # an end record is at most 22 + 65,535 bytes before the end
LEFT_BY_SYSTEMS = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
UNREADABLE = (zipfile.BadZipFile, struct.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)


def examine(file: IO[bytes], name: str, budget: Budget, look: Look) -> tuple[str, list[Objection]]:
    """Which type the folder is (zip, docx, odt…) and what stands against it."""
    try:
        with zipfile.ZipFile(file) as folder:
            faults = list(of_the_folder(folder, name, budget))
            if faults:
                return guess(folder), once(faults)
            code = guess(folder)
            inside = office.examine(folder, name, code) if code != "zip" else of_the_files(folder, name, budget, look)
            return code, once(inside)
    except UNREADABLE as error:
        del error
        return "zip", [refusal("damaged_zip", name)]
    except Exception as error:  # zlib.error and its like derive from Exception alone
        if type(error).__module__ not in {"zlib", "_lzma", "lzma"}:
            raise
        return "zip", [refusal("damaged_zip", name)]


def guess(folder: zipfile.ZipFile) -> str:
    names = set(folder.namelist())
    if "[Content_Types].xml" in names:
        parts = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
        return next((code for start, code in parts if any(n.startswith(start) for n in names)), "zip")
    if "mimetype" in names and folder.getinfo("mimetype").file_size < 200:
        kind = folder.read("mimetype").decode("ascii", "replace").strip()
        codes = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
        return codes.get(kind.removeprefix("application/vnd.oasis.opendocument."), "zip")
    return "zip"


def of_the_folder(folder: zipfile.ZipFile, name: str, budget: Budget) -> Iterator[Objection]:
    """What the directory alone gives away, before a single byte is expanded."""
    entries = folder.infolist()
    budget.entries -= len(entries)
    if budget.entries < 0:
        yield refusal("too_many_files", name)
        return
    budget.expanded -= sum(entry.file_size for entry in entries)
    if budget.expanded < 0:
        yield refusal("expands_too_much", name)
    if entries and min(entry.header_offset for entry in entries) > 0:
        yield refusal("zip_has_a_prefix", name)
    if len({entry.filename for entry in entries}) < len(entries):
        yield refusal("repeated_names", name)
    for entry in entries:
        yield from of_an_entry(entry, name)
    spans = sorted((e.header_offset, e.header_offset + LOCAL_HEADER + e.compress_size) for e in entries)
    if any(first[1] > second[0] for first, second in itertools.pairwise(spans)):
        yield refusal("overlapping_files", name)


def of_an_entry(entry: zipfile.ZipInfo, name: str) -> Iterator[Objection]:
    inner = entry.filename
    steps = re.split(r"[\\/]", entry.orig_filename)
    if inner.startswith(("/", "\\")) or ".." in steps or re.match(r"^[A-Za-z]:", inner) or "\0" in entry.orig_filename:
        yield refusal("escapes_folder", name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        yield refusal("symbolic_link", name)
    if entry.flag_bits & 1:
        yield refusal("has_password", name)
    if entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        yield refusal("zip_bomb", name)


def of_the_files(folder: zipfile.ZipFile, name: str, budget: Budget, look: Look) -> Iterator[Objection]:
    """Each file inside must be one that could have been uploaded on its own."""
    if budget.depth + 1 > MAX_DEPTH:
        yield refusal("nested_too_deep", name)
        return
    budget.depth += 1
    for entry in folder.infolist():
        if entry.is_dir() or LEFT_BY_SYSTEMS.search(entry.filename):
            continue
        with folder.open(entry) as packed, tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as inner:
            left = entry.file_size
            while left > 0 and (chunk := packed.read(min(1 << 20, left))):
                inner.write(chunk)
                left -= len(chunk)
            _code, faults = look(inner, f"{name} › {entry.filename[-80:]}", ALLOWED, budget)  # type: ignore[arg-type]
            yield from faults
    budget.depth -= 1


def ends_like_a_zip(file: IO[bytes]) -> bool:
    """Whether a ZIP directory hides at the end of a file that is something else."""
    size = file.seek(0, 2)
    file.seek(max(0, size - TRAIL))
    trail = file.read(TRAIL)
    at = trail.rfind(END_OF_DIRECTORY)
    return at >= 0 and b"PK\1\2" in trail[:at] and len(trail) - at >= 22


def once(faults: "list[Objection] | Iterator[Objection]") -> list[Objection]:
    """The same fault in a thousand entries is one sentence; ten different ones are enough to act upon."""
    seen: dict[tuple[str, str], Objection] = {}
    for fault in faults:
        seen.setdefault((fault.code, str(fault.sentence)), fault)
        if len(seen) == 10:
            break
    return list(seen.values())
