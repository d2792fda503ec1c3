"""What we ship of others to the browser, and how it is taken from the packages they publish.

Guarantees: each file is listed in static/web/vendor/vendor.json with its bytes, SHA-256 and licence, and a test hashes
them again; the typeface and the arms of the United Kingdom's government, which its library may use and we may not, are
taken out on the way.
"""

import hashlib
import json
import re
import tarfile
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "web" / "vendor"
MANIFEST = VENDOR / "vendor.json"
ARMS = "footer__copyright-logo|footer__crown|header__logotype"
CROWN_MIT = """The MIT License (MIT)

Copyright (c) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True)
class Package:
    """An archive as its makers publish it: where its licence is, and the files we ship under which names."""

    name: str
    version: str
    archive: str
    licence: str
    licence_file: str  # "" when the package brings none: then CROWN_MIT
    files: dict[str, str]


# fmt: off
PACKAGES = (
    Package("govuk-frontend", "6.6.0", "govuk-frontend-6.6.0.tgz", "MIT", "", {
        "dist/govuk/govuk-frontend.min.css": "govuk/govuk-frontend.min.css",
        "dist/govuk/govuk-frontend.min.js": "govuk/govuk-frontend.min.js",
    }),
    Package("htmx", "2.0.11", "htmx.org-2.0.11.tgz", "0BSD", "LICENSE", {"dist/htmx.min.js": "htmx/htmx.min.js"}),
    Package("nunito-sans", "5.3.0", "fontsource-variable-nunito-sans-5.3.0.tgz", "OFL-1.1", "LICENSE", {
        "files/nunito-sans-latin-wght-normal.woff2": "nunito-sans/nunito-sans-latin-wght-normal.woff2",
    }),
    Package("tus-js-client", "4.3.1", "tus-js-client-4.3.1.tgz", "MIT", "LICENSE", {
        "dist/tus.min.js": "tus/tus.min.js",
    }),
    Package("zxcvbn-ts-core", "4.2.0", "zxcvbn-ts-core-4.2.0.tgz", "MIT", "LICENSE.txt", {
        "dist/zxcvbn-ts.js": "zxcvbn/core.js",
    }),
    Package("zxcvbn-ts-language-common", "4.1.3", "zxcvbn-ts-language-common-4.1.3.tgz", "MIT", "LICENSE.txt", {
        "dist/zxcvbn-ts.js": "zxcvbn/common.js",
    }),
    Package("accessible-autocomplete", "3.0.1", "accessible-autocomplete-3.0.1.tgz", "MIT", "LICENSE.txt", {
        "dist/accessible-autocomplete.min.js": "accessible-autocomplete/accessible-autocomplete.min.js",
        "dist/accessible-autocomplete.min.css": "accessible-autocomplete/accessible-autocomplete.min.css",
    }),
)
# fmt: on


def cleaned(name: str, content: bytes) -> bytes:
    """Without source maps, and without the typeface and arms that are not ours to show."""
    if name.endswith((".js", ".css")):
        text = re.sub(r"(//|/\*)# sourceMappingURL=\S+?(\s*\*/)?\s*$", "", content.decode())
        if name == "govuk/govuk-frontend.min.css":
            text = re.sub(r"/\*!? Copyright[^*]*\*/\s*(?=@font-face)", "", text)
            text = re.sub(r"@font-face\{[^}]*\}", "", text)
            text = re.sub(
                r"[^{}]*govuk-(footer__copyright-logo|footer__crown|header__logotype)[^{}]*\{[^{}]*\}", "", text
            )
            text = text.replace("GDS Transport", "Nunito Sans")
        content = text.rstrip().encode() + b"\n"
    return content


def take(folder: Path) -> list[dict[str, object]]:
    """Write the files of every package from its archive in `folder`, its licence, and the manifest."""
    lines: list[dict[str, object]] = []
    for package in PACKAGES:
        with tarfile.open(folder / package.archive) as archive:

            def read(path: str, archive: tarfile.TarFile = archive) -> bytes:
                member = archive.extractfile(f"package/{path}")
                assert member is not None
                return member.read()

            licence = read(package.licence_file).decode() if package.licence_file else CROWN_MIT
            _write(VENDOR / "LICENSES" / f"{package.name}.txt", licence.encode())
            for source, name in package.files.items():
                content = cleaned(name, read(source))
                _write(VENDOR / name, content)
                lines.append(
                    {
                        "file": name,
                        "package": package.name,
                        "version": package.version,
                        "licence": package.licence,
                        "bytes": len(content),
                        "sha256": hashlib.sha256(content).hexdigest(),
                    }
                )
    _write(MANIFEST, json.dumps(lines, indent=2).encode() + b"\n")
    return lines


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
