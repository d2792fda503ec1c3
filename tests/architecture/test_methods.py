"""No method has code of its own: what differs between methods is in the files of the catalogue."""

import re
from pathlib import Path

import pliego
from pliego.methods import catalogue

ROOT = Path(pliego.__file__).parent
CODES = re.compile(r"[\"'](" + "|".join(sorted({m.code for m in catalogue.every()})) + r")[\"']")
# Where a code is an example of a body, or the name that imported data give to a method; never a rule.
NAMES_ONLY = {
    "blueprints/api.py",  # the example of a body
    "planning/api.py",
    "tendering/api/schemas.py",
    "web/components.py",
    "publication/labels.py",
}


def sources():
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        if path.suffix in {".py", ".html", ".js"} and not {"tests", "demo", "migrations"} & set(inside.parts):
            yield inside.as_posix(), path.read_text()


class TestMethodsAreData:
    def test_no_code_names_a_method(self):
        found = {name for name, text in sources() if CODES.search(text)}

        assert found <= NAMES_ONLY

    def test_every_exception_still_names_one(self):
        assert {name for name, text in sources() if name in NAMES_ONLY and CODES.search(text)} == NAMES_ONLY
