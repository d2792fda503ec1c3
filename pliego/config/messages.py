"""The catalogues: one .po file per room, extracted and compiled with Babel, so that no system tool is needed.

`pliego messages extract [ROOM…]` brings each room's file up to date with its code and templates;
`pliego messages compile` merges them into the one catalogue Django reads; `pliego messages check` fails when a message
has no Spanish, is fuzzy, or stands translated in two ways.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = "es_CO"
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_g": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),  # type: ignore[dict-item]
    "pgettext_lazy": ((1, "c"), 2),  # type: ignore[dict-item]
    "npgettext": ((1, "c"), 2, 3),  # type: ignore[dict-item]
}


def rooms() -> list[str]:
    return sorted(p.name for p in (ROOT / "pliego").iterdir() if (p / "__init__.py").exists())


def po_path(room: str) -> Path:
    return ROOT / "locale" / LANGUAGE / f"{room}.po"


def found_in(room: str) -> Iterator[tuple[str | tuple[str, ...], str | None, str]]:
    """Every message of a room: (id or (singular, plural), context, where)."""
    from django.utils.translation.template import templatize

    folder = ROOT / "pliego" / room
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "tests" in path.parts or "migrations" in path.parts:
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else unindented(templatize(text, origin=str(path)))
        for _line, ids, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
            if ids and ids != "":
                yield ids, context, path.relative_to(ROOT).as_posix()


def unindented(source: str) -> str:
    """A template keeps its indentation when it is turned into calls, and Python's reader would stumble over it."""
    return "\n".join(line.strip() for line in source.split("\n"))


def load(room: str) -> Catalog:
    path = po_path(room)
    if not path.exists():
        return Catalog(locale=LANGUAGE, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def extracted(room: str) -> Catalog:
    fresh, known = Catalog(locale=LANGUAGE, fuzzy=False, project="pliego"), load(room)
    for ids, context, where in found_in(room):
        key = ids[0] if isinstance(ids, tuple) else ids
        old = known.get(key, context)
        fresh.add(
            ids,
            old.string if old is not None else None,
            locations=[(where, None)],  # type: ignore[list-item]
            flags=old.flags if old is not None else (),
            context=context,
        )
    return fresh


def write(room: str, catalog: Catalog) -> None:
    path = po_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not len(catalog):
        path.unlink(missing_ok=True)
        return
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, no_location=True, omit_header=True, sort_output=True)
    header = 'msgid ""\nmsgstr ""\n"Language: es_CO\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    header += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    path.write_bytes(header.encode() + buffer.getvalue())


def compile_all() -> Path:
    """Merge every room into LC_MESSAGES/django.mo, unless it is newer than all of them; it is not kept in git."""
    target = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.mo"
    sources = [Path(__file__), *target.parents[1].glob("*.po")]
    if target.exists() and target.stat().st_mtime > max(path.stat().st_mtime for path in sources):
        return target
    whole = Catalog(locale=LANGUAGE, fuzzy=False)
    for room in rooms():
        for message in load(room):
            if message.id and message.string and not message.fuzzy and any(_texts(message.string)):
                whole.add(message.id, message.string, context=message.context)
    target.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_mo(buffer, whole)
    fresh = target.with_suffix(".new")
    fresh.write_bytes(buffer.getvalue())
    fresh.replace(target)
    return target


def _texts(string: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def faults() -> list[str]:
    """What keeps the catalogue from being complete."""
    said: dict[tuple[str, str | None], tuple[str, object]] = {}
    wrong = []
    for room in rooms():
        for message in extracted(room):
            if not message.id:
                continue
            key = (_texts(message.id)[0], message.context)
            if message.fuzzy or not all(_texts(message.string or "")):
                wrong.append(f"{room}: no Spanish for “{key[0]}”")
            elif key in said and said[key][1] != message.string:
                wrong.append(f"{room} and {said[key][0]} translate “{key[0]}” in two ways")
            else:
                said[key] = (room, message.string)
    return wrong


def main(arguments: list[str]) -> int:
    match arguments:
        case ["extract", *names]:
            for room in names or rooms():
                write(room, extracted(room))
        case ["compile"]:
            compile_all()
        case ["check"]:
            wrong = faults()
            sys.stdout.write(
                "\n".join([*wrong, f"{len(wrong)} messages to mend" if wrong else "The catalogue is complete.", ""])
            )
            return 1 if wrong else 0
        case _:
            sys.stderr.write("pliego messages extract [ROOM…] | compile | check\n")
            return 2
    return 0
