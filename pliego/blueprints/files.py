"""A template as one JSON file, so that an entity gives it to another. What is wrong is said with its place."""

import json
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from pliego.blueprints.models import BlueprintVersion
from pliego.conditions.conditions import Condition
from pliego.conditions.fields import faults
from pliego.kernel.objections import Objection, Refused, Unknown
from pliego.methods import catalogue
from pliego.tendering import sections
from pliego.tendering.contents import questionnaire_faults

LARGEST = 20 * 1024 * 1024
FIELD = "file"


class TemplateFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The shape of the file. `format` says how to read it."""

    format: str
    name: str
    method: str
    method_version: str
    sections: dict[str, dict[str, Any]]
    description: str = ""
    methods: list[str] = []


FORMAT = "pliego-template/1"


def told(version: BlueprintVersion) -> dict[str, Any]:
    names = ("name", "description", "methods", "method", "method_version", "sections")
    return {"format": FORMAT, **{name: getattr(version, name) for name in names}}


def written(version: BlueprintVersion) -> bytes:
    """The version as a file that any installation reads."""
    return (json.dumps(told(version), ensure_ascii=False, indent=2) + "\n").encode()


def read(content: bytes | str | dict[str, Any]) -> TemplateFile:
    """The file as its shape, with every fault of it at once; nothing of it is written."""
    try:
        found = _shaped(content)
    except msgspec.ValidationError as error:
        raise _refused(
            _("The file is not a template of a pliego. %(fault)s") % {"fault": _placed(error, "")}
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        told = {"fault": error}
        raise _refused(_("The file cannot be read as JSON: %(fault)s. Export it again.") % told) from error
    wrong = list(_faults(found))
    if wrong:
        raise Refused(*(Objection("bad_file", sentence, FIELD) for sentence in wrong[:30]))
    return found


def _shaped(content: bytes | str | dict[str, Any]) -> TemplateFile:
    if isinstance(content, dict):
        return msgspec.convert(content, TemplateFile)
    if len(content) > LARGEST:
        raise _refused(_("The file is too large: at most 20 MB."))
    return msgspec.json.decode(content, type=TemplateFile)


def _refused(sentence: Any) -> Refused:
    return Refused(Objection("bad_file", sentence, FIELD))


def _placed(error: Exception, place: str) -> str:
    """The sentence of msgspec with the whole place: `sections.guarantees.covers[0].percent`."""
    what, _at, where = str(error).partition(" - at `$")
    path = (place + where.rstrip("`")).lstrip(".")
    return _("At %(place)s: %(what)s.") % {"place": path or "$", "what": what}


def _faults(found: TemplateFile) -> Any:
    if found.format != FORMAT:
        yield _("At format: it must be “%(format)s”.") % {"format": FORMAT}
    if not found.name.strip() or len(found.name) > 200:
        yield _("At name: write a name of at most 200 letters.")
    if len(found.description) > 2000:
        yield _("At description: write at most 2000 letters.")
    known = {method.code for method in catalogue.every()}
    for code in [found.method, *found.methods]:
        if code not in known:
            yield _("At methods: this installation has no method “%(code)s”.") % {"code": code}
    if found.method in known and not any(
        (method.code, method.version) == (found.method, found.method_version) for method in catalogue.every()
    ):
        told = {"code": found.method, "version": found.method_version}
        yield _("At method_version: this installation has no version %(version)s of “%(code)s”.") % told
    if not found.sections:
        yield _("At sections: there are none.")
    for code, content in found.sections.items():
        yield from _faults_of(code, content)


def _faults_of(code: str, content: dict[str, Any]) -> Any:
    place = f"sections.{code}"
    try:
        section = sections.get(code)
    except Unknown:
        section = None
    if section is None or section.shape is None or not section.is_amendable:
        yield _("At %(place)s: there is no such section that can be copied.") % {"place": place}
        return
    if unknown := sorted(content.keys() - (sections.names_of(section.shape) - set(section.own))):
        yield _("At %(place)s: these fields are unknown: %(names)s.") % {"place": place, "names": ", ".join(unknown)}
        return
    try:
        typed = msgspec.convert(content, section.shape, strict=False)
    except msgspec.ValidationError as error:
        yield _placed(error, place)
        return
    objections = faults(section.parts, typed) if isinstance(section, Condition) else ()
    for objection in (*objections, *(questionnaire_faults(typed) if code == "questionnaire" else ())):
        yield _("At %(place)s: %(what)s") % {"place": f"{place}.{objection.field}", "what": objection.sentence}
