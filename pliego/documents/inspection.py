"""Whether a file may enter: what it really is, and a bounded look inside. Nothing is extracted to disk or executed.

Guarantees: the verdict comes from the bytes, and the name must agree with them; every refusal says why and what to do;
the memory and time of a look are bounded whatever the file claims of itself.
"""

from typing import IO

from pliego.documents import archives, filetypes, pdfs, plain
from pliego.documents.budget import Budget
from pliego.documents.filetypes import TYPES, FileType
from pliego.documents.kinds import ALLOWED
from pliego.documents.refusals import refusal
from pliego.kernel.objections import Objection, Refused

HEAD = 4096


def inspect(file: IO[bytes], name: str, accepts: tuple[str, ...] = ALLOWED, field: str = "") -> FileType:
    """What the file is; raises Refused with every objection when it may not enter. Leaves the file at its beginning."""
    code, faults = look(file, name, accepts, Budget())
    file.seek(0)
    if faults:
        raise Refused(*(Objection(fault.code, fault.sentence, field or fault.field) for fault in faults))
    return TYPES[code]


def look(file: IO[bytes], name: str, accepts: tuple[str, ...], budget: Budget) -> tuple[str, list[Objection]]:
    """The type's code and all objections; used again for each file inside a ZIP folder, on one budget."""
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        return "", [refusal("empty_file", name)]
    code = filetypes.sniff(head)
    extension = filetypes.extension_of(name)
    faults: list[Objection] = []
    match code:
        case "zip":
            code, faults = archives.examine(file, name, budget, look)
        case "pdf":
            faults = pdfs.examine(file, name)
        case "png" | "jpg":
            faults = plain.examine_image(file, name, code)
        case "xml":
            faults = plain.examine_xml(file, name)
        case "text":
            code = extension if extension in {"csv", "json"} else "xml" if extension == "xml" else "txt"
            faults = plain.examine_text(file, name, code)
    if code not in {"zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"} and archives.ends_like_a_zip(file):
        faults.append(refusal("two_files_in_one", name))
    return code, [*wrong_type(code, name, extension, accepts), *faults]


def wrong_type(code: str, name: str, extension: str, accepts: tuple[str, ...]) -> list[Objection]:
    """Whether the list has that type, and whether the name says the same as the bytes."""
    match code:
        case "executable" | "closed_archive" | "markup":
            return [refusal(code, name)]
        case "ole":
            return [refusal("old_office", name)]
        case _ if code not in accepts:
            return [refusal("wrong_type", name, allowed=filetypes.in_words(accepts))]
        case _ if extension not in TYPES[code].extensions:
            return [refusal("wrong_name", name, extension=extension, real=TYPES[code].extensions[0])]
    return []
