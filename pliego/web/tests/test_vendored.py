import hashlib
import json
import re

from pliego.web.vendored import MANIFEST, PACKAGES, VENDOR

LINES = json.loads(MANIFEST.read_text())


class TestVendoredFiles:
    def test_are_the_bytes_that_the_manifest_says(self):
        for line in LINES:
            content = (VENDOR / line["file"]).read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (line["bytes"], line["sha256"]), line["file"]

    def test_are_all_in_the_manifest_with_their_licence(self):
        shipped = {p.relative_to(VENDOR).as_posix() for p in VENDOR.rglob("*") if p.is_file()}
        licences = {f"LICENSES/{package.name}.txt" for package in PACKAGES}

        assert shipped == {line["file"] for line in LINES} | licences | {"vendor.json"}
        assert all((VENDOR / licence).stat().st_size > 300 for licence in licences)

    def test_carry_neither_the_typeface_nor_the_arms_of_another_government(self):
        css = (VENDOR / "govuk/govuk-frontend.min.css").read_text()

        assert not [word for word in ("GDS Transport", "@font-face", "crest", "crown", "url(") if word in css]

    def test_reach_no_other_host(self):
        css = "".join(p.read_text() for p in VENDOR.rglob("*.css"))

        assert not re.search(r"url\([\"']?(https?:)?//|@import", css)
