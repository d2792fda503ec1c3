"""What may hide in an Office file: macros, links that load code, commands inside formulas, passwords."""

import re
import zipfile
from collections.abc import Iterator

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from pliego.documents.refusals import refusal
from pliego.kernel.objections import Objection

RELATIONS = 4 << 20
PART = 64 << 20
# Relations that load and run something when the document opens. Hyperlinks are external too, and harmless.
LOADING = ("/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/aFChunk", "/vbaProject")
INSTRUCTION = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")
DDE_FIELD = re.compile(rb"\bDDE(AUTO)?\b", re.I)
DDE_FORMULA = re.compile(rb"<f[^>]*>[^<]*(DDE\(|\|[^<]*!)|<ddeLink|office:dde-source|dde-connection", re.I)


def examine(folder: zipfile.ZipFile, name: str, code: str) -> Iterator[Objection]:
    names = folder.namelist()
    if any(is_macro(inner) for inner in names):
        yield macros(name)
    for entry in folder.infolist():
        inner = entry.filename
        if inner == "[Content_Types].xml" and b"macroEnabled" in read(folder, entry, RELATIONS):
            yield macros(name)
        elif inner.endswith(".rels") and loads_something(read(folder, entry, RELATIONS)):
            yield Objection(
                "external_template",
                _("“%(name)s” loads a template or an object from elsewhere. Save it as PDF.") % {"name": name},
            )
        elif inner == "META-INF/manifest.xml" and b"encryption-data" in read(folder, entry, RELATIONS):
            yield refusal("has_password", name)
        elif inner.endswith(".xml") and runs_commands(read(folder, entry, PART), code):
            yield Objection(
                "dde_command",
                _("“%(name)s” has formulas or fields that run commands (DDE). Remove them.") % {"name": name},
            )
        elif "/embeddings/" in inner and "Ole10Native".encode("utf-16-le") in read(folder, entry, PART):
            yield Objection(
                "packaged_object",
                _("“%(name)s” carries another file packaged inside. Upload that file on its own.") % {"name": name},
            )


def is_macro(inner: str) -> bool:
    lower = inner.lower()
    return (
        lower.endswith(("vbaproject.bin", "vbadata.xml"))
        or "/activex/" in lower
        or "/macrosheets/" in lower
        or lower.startswith(("basic/", "scripts/"))
    )


def macros(name: str) -> Objection:
    return refusal("macros", name)


def read(folder: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    with folder.open(entry) as part:
        return part.read(limit)


def loads_something(relations: bytes) -> bool:
    try:
        tree = fromstring(relations, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return True  # relations that cannot be read cannot be trusted
    return any(
        relation.get("TargetMode") == "External" and str(relation.get("Type", "")).endswith(LOADING)
        for relation in tree.iter()
    )


def runs_commands(part: bytes, code: str) -> bool:
    if code == "docx":
        fields = b"".join(text or attribute for text, attribute in INSTRUCTION.findall(part))
        return DDE_FIELD.search(fields) is not None
    return DDE_FORMULA.search(part) is not None
