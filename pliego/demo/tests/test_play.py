"""What the plays tell: sentences of the catalogue, with the time and the receipt of each act."""

import ast
import io
import json
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation

from pliego.demo import play
from pliego.demo.management.commands.play import Command
from pliego.demo.play import PLAYS, Stage

TOLD = {"do": 0, "sign": 0, "told": 1}  # which argument is the sentence


class Still:
    """A site whose clock stands."""

    url = "http://testserver"

    def api(self, method, path, body=None, token="", **query):
        return {"now": "2026-03-02T14:00:00+00:00"}


def sentences():
    for path in Path(play.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = TOLD.get(node.func.attr) if isinstance(node, ast.Call) and hasattr(node.func, "attr") else None
            if place is not None and len(node.args) > place:
                yield f"{path.name}:{node.lineno}", node.args[place]


def test_every_sentence_is_a_message_of_the_catalogue():
    found = list(sentences())

    bare = [where for where, sentence in found if isinstance(sentence, ast.Constant | ast.JoinedStr)]

    assert len(found) > 50
    assert bare == []


@pytest.mark.parametrize(("language", "scene"), [("es-co", "Personas"), ("en", "People")])
def test_scenes_are_told_in_the_language_of_whoever_looks(language, scene):
    with translation.override(language):
        assert str(PLAYS["minima-cuantia"][0][1]) == scene


@pytest.mark.parametrize("as_json", [True, False])
def test_each_act_is_told_with_its_hour_and_its_receipt(as_json):
    command, printed = Command(stdout=io.StringIO()), io.StringIO()
    command.as_json, command.scene = as_json, 0
    command.console = play_console(printed)
    stage = Stage(Still(), command.tell)
    stage.scene(1, "People")

    stage.told("Ana", "Signs", {"receipt": {"code": "AAAA-BBBB", "url": "/recibos/AAAA-BBBB/"}})

    if as_json:
        act = json.loads(command.stdout.getvalue())
        assert datetime.fromisoformat(act["at"]).isoformat() == "2026-03-02T09:00:00-05:00"
        assert (act["receipt"], act["url"]) == ("AAAA-BBBB", "http://testserver/recibos/AAAA-BBBB/")
    else:
        assert "2026-03-02 09:00:00  Ana" in printed.getvalue()
        assert "AAAA-BBBB" in printed.getvalue()


def play_console(printed):
    from rich.console import Console

    return Console(file=printed, width=200)
