"""Checking OCDS packages with libcoveocds and no internet: whatever it would fetch is answered from a folder."""

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import libcoveocds.api
import requests
import urllib3
from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig
from libcoveocds.schema import SchemaOCDS
from requests.adapters import HTTPAdapter

STANDARD = "standard-1__1__5"
GITHUB_ARCHIVE = re.compile(r"/(?P<owner>[\w.-]+)/(?P<repo>[\w.-]+)/archive/(?P<ref>[\w.-]+)\.zip")


def archive(folder: Path, name: str) -> bytes:
    """The folder as GitHub packs a repository: everything under one top folder, which is the first entry."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(f"{name}/", "")
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            packed.write(path, f"{name}/{path.relative_to(folder).as_posix()}")
    return out.getvalue()


class Folder(HTTPAdapter):
    """Answers every request from the material; what is not there is a 404, and nothing leaves the machine."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root.resolve()

    def find(self, url: str) -> bytes | None:
        parts = urlsplit(url)
        if parts.netloc == "github.com":
            match = GITHUB_ARCHIVE.fullmatch(parts.path)
            if match is None:
                return None
            folder = self.root / "extensions/raw.githubusercontent.com" / match["owner"] / match["repo"] / match["ref"]
            return archive(folder, f"{match['repo']}-{match['ref']}") if folder.is_dir() else None
        if parts.netloc == "standard.open-contracting.org":
            path = self.root / STANDARD / "schema" / Path(parts.path).name
        else:
            path = self.root / "extensions" / parts.netloc / parts.path.lstrip("/")
        return path.read_bytes() if path.is_file() else None

    def send(self, request: Any, **_options: Any) -> Any:
        found = self.find(request.url)
        body, status = (b"", 404) if found is None else (found, 200)
        raw = urllib3.HTTPResponse(io.BytesIO(body), status=status, preload_content=False, request_url=request.url)
        return self.build_response(request, raw)


@contextmanager
def no_internet(root: Path) -> Iterator[Folder]:
    folder = Folder(root)
    with mock.patch.object(requests.Session, "get_adapter", return_value=folder):
        yield folder


KNOWN: dict[Any, SchemaOCDS] = {}
WRITTEN = tempfile.TemporaryDirectory(prefix="pliego-ocds-")  # the checker writes the schema down


def schema(version: str | None, package: dict[str, Any], config: LibCoveOCDSConfig, *, record_pkg: bool) -> SchemaOCDS:
    """The schema of such packages. Putting one together takes longer than checking a package, and it keeps what it
    worked out."""
    key = (version, package.get("version"), tuple(package.get("extensions", [])), record_pkg)
    if key not in KNOWN:
        KNOWN[key] = SchemaOCDS(version, package, config, record_pkg=record_pkg)
    return KNOWN[key]


def faults(package: dict[str, Any], root: Path) -> dict[str, Any]:
    """What is wrong with a package; empty when nothing is."""
    config = LibCoveOCDSConfig()
    config.config["context"] = "api"
    config.config["standard_zip"] = archive(root / STANDARD, STANDARD)
    with no_internet(root) as folder, mock.patch.object(libcoveocds.api, "SchemaOCDS", schema):
        result = ocds_json_output(WRITTEN.name, json_data=package, lib_cove_ocds_config=config)
        missing = [url for url in package.get("extensions", []) if folder.find(url) is None]
    found = {
        name: result[name]
        for name in ("validation_errors", "additional_closed_codelist_values", "additional_checks")
        if result.get(name)
    }
    strangers = [
        row for row in result.get("additional_fields", []) if row["path"] + row["field"] not in {"/links", "links"}
    ]
    if strangers:
        found["additional_fields"] = strangers
    if missing:
        found["missing_extensions"] = missing
    return found
