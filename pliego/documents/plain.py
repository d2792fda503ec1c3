"""A look into images, texts and XML."""

import json
import re
import struct
from collections.abc import Iterator
from typing import IO, Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.utils.translation import gettext as _

from pliego.kernel.objections import Objection

MAX_PIXELS = 120_000_000
TEXT_LOOKED_AT = 1 << 20
SCRIPT = re.compile(
    r"^\s*(<\?php|<%|<script|<html|<!doctype html|@echo\s+off|powershell|set-executionpolicy|mime-version:"
    r"|\[internetshortcut\]|\{\\rtf|on error resume next|wscript\.)"
    r"|new\s+activexobject\s*\(|createobject\s*\(\s*[\"']wscript\.shell|invoke-expression\b|<script\b",
    re.I,
)
COMMAND_IN_CELL = re.compile(r"(^|[,;\t])\"?\s*[=+\-@][^,;\t\n]*\|[^,;\t\n]*!", re.M)
ACTIVE_ROOTS = {"svg", "html", "xsl", "stylesheet", "transform", "script", "package", "job", "scriptlet", "hta"}


def examine_image(file: IO[bytes], name: str, code: str) -> list[Objection]:
    try:
        width, height, is_whole = png_size(file) if code == "png" else jpeg_size(file)
    except (struct.error, ValueError, IndexError):
        sentence = _("“%(name)s” is damaged: the image cannot be read. Save it again.")
        return [Objection("damaged_image", sentence % {"name": name})]
    faults = []
    if width * height > MAX_PIXELS:
        sentence = _("“%(name)s” is %(width)s × %(height)s pixels, too many to open safely. Make it smaller.")
        faults.append(Objection("too_many_pixels", sentence % {"name": name, "width": width, "height": height}))
    if not is_whole:
        sentence = _("“%(name)s” is cut short: its end is missing. Save it again.")
        faults.append(Objection("truncated", sentence % {"name": name}))
    return faults


def png_size(file: IO[bytes]) -> tuple[int, int, bool]:
    file.seek(0)
    head = file.read(33)
    if head[12:16] != b"IHDR":
        raise ValueError("no IHDR")
    width, height = struct.unpack(">II", head[16:24])
    file.seek(max(0, file.seek(0, 2) - 64))
    return width, height, b"IEND" in file.read()


def jpeg_size(file: IO[bytes]) -> tuple[int, int, bool]:
    size = file.seek(0, 2)
    file.seek(max(0, size - 64_000))
    is_whole = b"\xff\xd9" in file.read()
    file.seek(2)
    while file.tell() < size:
        marker = file.read(2)
        if marker[0] != 0xFF:
            raise ValueError("no marker")
        if marker[1] == 0xFF:  # fill byte
            file.seek(-1, 1)
            continue
        (length,) = struct.unpack(">H", file.read(2))
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">xHH", file.read(5))
            return width, height, is_whole
        if marker[1] == 0xDA:
            break
        file.seek(length - 2, 1)
    raise ValueError("no frame")


def decoded(file: IO[bytes]) -> str | None:
    """The beginning as text: UTF-8, UTF-16 with its mark, or Windows-1252 as many programs here still write."""
    file.seek(0)
    data = file.read(TEXT_LOOKED_AT)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[: len(data) // 2 * 2].decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-8-sig" and error.start >= len(data) - 4 and len(data) == TEXT_LOOKED_AT:
                return data[: error.start].decode(encoding)
    return None


def examine_text(file: IO[bytes], name: str, code: str) -> list[Objection]:
    text = decoded(file)
    if text is None or any(ord(character) < 32 and character not in "\t\n\r\f" for character in text):
        return [Objection("not_text", _("“%(name)s” is not a text that can be read.") % {"name": name})]
    if SCRIPT.search(text):
        sentence = _("“%(name)s” is a program or a web page named as text. Programs are never accepted.")
        return [Objection("script", sentence % {"name": name})]
    if code == "csv" and COMMAND_IN_CELL.search(text):
        sentence = _("“%(name)s” has cells that run commands when opened in a spreadsheet (DDE). Remove them.")
        return [Objection("dde_command", sentence % {"name": name})]
    if code == "json":
        return not_json(file, name)
    return examine_xml(file, name) if code == "xml" else []


def not_json(file: IO[bytes], name: str) -> list[Objection]:
    file.seek(0)
    try:
        json.load(file)
    except ValueError:
        return [Objection("not_json", _("“%(name)s” is not well-formed JSON.") % {"name": name})]
    return []


def examine_xml(file: IO[bytes], name: str) -> list[Objection]:
    file.seek(0)
    words = {"name": name}
    try:
        for number, (event, element) in enumerate(events(file)):
            if number == 0 and local_name(str(element.tag)) in ACTIVE_ROOTS:
                return [Objection("script", _("“%(name)s” is XML that can run code. Save it as PDF.") % words)]
            if event == "end":
                element.clear()
    except DefusedXmlException:
        sentence = _("“%(name)s” defines entities or a DTD, which can read or exhaust a computer. Remove them.")
        return [Objection("xml_entities", sentence % words)]
    except (ParseError, ValueError, LookupError):
        return [Objection("damaged_xml", _("“%(name)s” is not well-formed XML. Generate it again.") % words)]
    file.seek(0)
    if b"<?xml-stylesheet" in file.read(4096):
        return [Objection("script", _("“%(name)s” is XML that can run code. Save it as PDF.") % words)]
    return []


def events(file: IO[bytes]) -> Iterator[tuple[str, Any]]:
    return iter(iterparse(file, events=("start", "end"), forbid_dtd=True))


def local_name(tag: str) -> str:
    return tag.rsplit("}", 1)[-1].lower()
