"""What the browser finds in a file before it encrypts it, against what the platform finds in the opening."""

import json
import subprocess
from pathlib import Path

from pliego.bidding import browser
from pliego.documents import filetypes, kinds, refusals
from pliego.documents.tests.corpus import ATTACKS, GOOD
from tests.tools import NODE

SOURCE = Path(browser.__file__).parent / "looking.js"
SCRIPT = """
import { faultOf } from "%s";
import { openAsBlob, readFileSync } from "node:fs";
const { known, files } = JSON.parse(readFileSync("files.json"));
const found = {};
for (const [name, path] of files) {
  const file = new File([await openAsBlob(path)], name);
  found[name] = (await faultOf(file, known, known.kinds.bid_document.types))?.key ?? "";
}
console.log(JSON.stringify(found));
"""
# Inside compressed content the browser does not look; the opening does.
ONLY_IN_THE_OPENING = {
    "solapada.zip", "anidada.zip", "programa.zip", "disfrazado.zip", "siete.zip", "macro-dentro.zip",
    "plantilla.docx", "objeto.docx", "empaquetado.docx", "dde.xlsx", "dde.docx", "clave.odt",
    "js-escapado.pdf", "js-comprimido.pdf", "inundación.png", "inundación.jpg", "cortada.png",
    "dibujo.xml", "entidades.xml", "archivo.xml", "estilo.xml", "roto.xml", "guion.csv", "página.txt", "orden.csv",
}  # fmt: skip


def test_the_browser_refuses_what_it_can_see_with_the_same_reason_and_lets_every_good_file_go(tmp_path):
    contents = {**GOOD, **{name: content for name, (content, _code) in ATTACKS.items()}}
    files = []
    for number, (name, content) in enumerate(contents.items()):
        (tmp_path / f"{number}").write_bytes(content)
        files.append((name, str(tmp_path / f"{number}")))
    known = filetypes.published(200 << 20, {"bid_document": kinds.get("bid_document").accepts})
    (tmp_path / "files.json").write_text(json.dumps({"known": known, "files": files}))
    (tmp_path / "look.mjs").write_text(SCRIPT % SOURCE.as_uri())
    (tmp_path / "package.json").write_text('{"type": "module"}')

    answer = subprocess.run([NODE, "look.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    found = json.loads(answer)
    assert {name: found[name] for name in GOOD} == dict.fromkeys(GOOD, "")
    assert {name for name in ATTACKS if not found[name]} == ONLY_IN_THE_OPENING
    for name, key in found.items():
        if key:
            assert refusals.TABLE[key][0] == ATTACKS[name][1], (name, key)
