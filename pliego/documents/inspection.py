"""Whether a file may enter: what it really is, and a bounded look inside. Nothing is extracted to disk or executed.

Guarantees: the verdict comes from the bytes, and the name must agree with them; every refusal says why and what to do;
the memory and time of a look are bounded whatever the file claims of itself.
"""

from typing import IO

from django.utils.translation import gettext as _

from pliego.documents import archives, filetypes, pdfs, plain
from pliego.documents.budget import Budget
from pliego.documents.filetypes import TYPES, FileType
from pliego.documents.kinds import ALLOWED
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
        return "", [Objection("empty_file", _("“%(name)s” is empty (0 bytes). Choose another file.") % {"name": name})]
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
        faults.append(two_files_in_one(name))
    return code, [*wrong_type(code, name, extension, accepts), *faults]


def wrong_type(code: str, name: str, extension: str, accepts: tuple[str, ...]) -> list[Objection]:
    """Whether the list has that type, and whether the name says the same as the bytes."""
    words = {"name": name, "allowed": filetypes.in_words(accepts), "extension": extension}
    match code:
        case "executable":
            sentence = _("“%(name)s” is a program or a script. Programs are never accepted.")
        case "ole":
            sentence = _(
                "“%(name)s” is in the old Office format or has a password. Save it as docx, xlsx or pptx without a"
                " password."
            )
        case "closed_archive":
            sentence = _("“%(name)s” is compressed in a format that cannot be looked into. Use ZIP instead.")
        case "markup":
            sentence = _("“%(name)s” is a web page or a drawing with code. Save it as PDF.")
        case _ if code not in accepts:
            sentence = _("“%(name)s” is not of an accepted type. Accepted here: %(allowed)s.")
        case _ if extension not in TYPES[code].extensions:
            words["real"] = TYPES[code].extensions[0]
            sentence = _(
                "“%(name)s” ends in .%(extension)s but its content is %(real)s. Rename it or choose the right file."
            )
        case _:
            return []
    return [Objection("wrong_type", sentence % words)]


def two_files_in_one(name: str) -> Objection:
    sentence = _("“%(name)s” is two files in one: behind its content there is a ZIP folder. Save it again and retry.")
    return Objection("two_files_in_one", sentence % {"name": name})
