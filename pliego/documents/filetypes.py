"""The closed, published list of what may be uploaded, and what a file is by its first bytes."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.documents import refusals
from pliego.documents.kinds import ALLOWED
from pliego.kernel.objections import Text


@dataclass(frozen=True)
class FileType:
    """`magic` are beginnings in hexadecimal that the browser checks too; text types have none."""

    code: str
    title: Text
    media_type: str
    extensions: tuple[str, ...]
    magic: tuple[str, ...] = ()


ZIP_MAGIC = ("504b0304", "504b0506")
OOXML = "application/vnd.openxmlformats-officedocument."
AGE_MAGIC = b"age-encryption.org/v1"
ODF = "application/vnd.oasis.opendocument."

# fmt: off
_TYPES = (
    FileType("pdf",  _("PDF document"), "application/pdf", ("pdf",), ("255044462d",)),
    FileType("docx", _("Word document"), OOXML + "wordprocessingml.document", ("docx",), ZIP_MAGIC),
    FileType("xlsx", _("Excel workbook"), OOXML + "spreadsheetml.sheet", ("xlsx",), ZIP_MAGIC),
    FileType("pptx", _("PowerPoint presentation"), OOXML + "presentationml.presentation", ("pptx",), ZIP_MAGIC),
    FileType("odt",  _("OpenDocument text"), ODF + "text", ("odt",), ZIP_MAGIC),
    FileType("ods",  _("OpenDocument spreadsheet"), ODF + "spreadsheet", ("ods",), ZIP_MAGIC),
    FileType("odp",  _("OpenDocument presentation"), ODF + "presentation", ("odp",), ZIP_MAGIC),
    FileType("png",  _("PNG image"), "image/png", ("png",), ("89504e470d0a1a0a",)),
    FileType("jpg",  _("JPEG image"), "image/jpeg", ("jpg", "jpeg"), ("ffd8ff",)),
    FileType("zip",  _("ZIP folder"), "application/zip", ("zip",), ZIP_MAGIC),
    FileType("dwg",  _("AutoCAD drawing"), "image/vnd.dwg", ("dwg",), ("41433130",)),
    FileType("txt",  _("Plain text"), "text/plain", ("txt",)),
    FileType("csv",  _("Table in CSV"), "text/csv", ("csv",)),
    FileType("xml",  _("XML document"), "application/xml", ("xml",)),
    # made by the platform or by the browser, never chosen by hand
    FileType("json", _("JSON document"), "application/json", ("json",)),
    FileType("age",  _("Sealed envelope"), "application/octet-stream", ("age",), (AGE_MAGIC.hex(),)),
)
# fmt: on
TYPES = {filetype.code: filetype for filetype in _TYPES}

EXECUTABLE = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"dex\n",
    b"L\0\0\0\x01\x14\x02",
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CLOSED_ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"(\xb5/\xfd")
MARKUP = re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|svg|img|math|object|embed|x:xmpmeta\b)", re.I)


def sniff(head: bytes) -> str:  # noqa: PLR0911 - one line per family
    """A type's code, or one of: zip (to be looked into), text, executable, ole, closed_archive, markup, unknown."""
    if head.startswith(EXECUTABLE):
        return "executable"
    if head.startswith(OLD_OFFICE):
        return "ole"
    if head.startswith(CLOSED_ARCHIVES):
        return "closed_archive"
    for code in ("pdf", "png", "jpg", "zip", "dwg", "age"):
        if head.startswith(tuple(bytes.fromhex(magic) for magic in TYPES[code].magic)):
            return code
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<?xml"):
        return "xml"
    if MARKUP.match(text):
        return "markup"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    return "unknown" if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head) else "text"


def extension_of(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def accepted(codes: tuple[str, ...]) -> str:
    """The value of an <input accept>, and what a sentence lists."""
    return ",".join(f".{extension}" for code in codes for extension in TYPES[code].extensions)


def in_words(codes: tuple[str, ...]) -> str:
    return ", ".join(extension for code in codes for extension in TYPES[code].extensions[:1])


def published(max_bytes: int, kinds: dict[str, tuple[str, ...]]) -> dict[str, object]:
    """The list as the browser reads it, to refuse a wrong file before it is uploaded."""
    shown = [TYPES[code] for code in (*ALLOWED, "age")]
    return {
        "max_bytes": max_bytes,
        "never": {
            found: [magic.hex() for magic in starts]
            for found, starts in (
                ("executable", EXECUTABLE),
                ("old_office", (OLD_OFFICE,)),
                ("closed_archive", CLOSED_ARCHIVES),
            )
        },
        "sentences": refusals.published(),
        "types": {
            t.code: {"title": str(t.title), "media_type": t.media_type, "extensions": t.extensions, "magic": t.magic}
            for t in shown
        },
        "kinds": {kind: {"types": codes, "accept": accepted(codes)} for kind, codes in kinds.items()},
    }
