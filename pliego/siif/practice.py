"""A SIIF to practise with: it speaks the contract of README.md over a list of certificates and one of commitments.

It is no SIIF and knows nothing of it: for the demo, for whoever writes the real adapter, and for the tests. It listens
on this machine only.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from pliego.siif.columns import File
from pliego.siif.rest import PATHS
from pliego.siif.rules import CERTIFICATE, COMMITMENT, Found, pci_of, tidy

FOLDER = Path(__file__).parent
LISTS = {CERTIFICATE: FOLDER / "practice_certificates.csv", COMMITMENT: FOLDER / "practice_commitments.csv"}
PCI = "29-04-00"
KINDS = {path: kind for kind, path in PATHS.items()}
UNKNOWN = 404, {"error": "unknown"}
Said = tuple[int, Any]


@dataclass
class Practice:
    """Answers about the documents of those lists, to whoever has the token."""

    pci: str = PCI
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    port: int = 0
    lists: dict[str, Path] = field(default_factory=lambda: dict(LISTS))
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        read = [File(path.read_bytes(), path.name, kind, self.pci).read() for kind, path in self.lists.items()]
        self.documents = {(one.kind, one.year, one.number): one for found in read for one in found}
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), self.handler())
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self) -> "Practice":
        Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def said(self, path: str, authorization: str) -> Said:
        """The status and the body for a path."""
        self.asked.append(path)
        if not secrets.compare_digest(authorization.encode(), f"Bearer {self.token}".encode()):
            return 401, {"error": "token"}
        match [unquote(step) for step in urlsplit(path).path.split("/")]:
            case ["", name, pci, year, number] if name in KINDS and year.isdecimal():
                found = self.documents.get((KINDS[name], int(year), tidy(number)))
                return (200, body(found)) if found and pci_of(pci) == pci_of(self.pci) else UNKNOWN
        return 404, {"error": "no such path"}

    def handler(self) -> type[BaseHTTPRequestHandler]:
        practice = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, said = practice.said(self.path, self.headers.get("Authorization", ""))
                content = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with suppress(OSError):  # whoever asked did not wait
                    self.wfile.write(content)

            def log_message(self, *told: Any) -> None:
                """Quiet."""

        return Handler


def body(found: Found) -> dict[str, Any]:
    """A document as it goes over the wire."""
    amounts = {name: getattr(found, name) for name in ("amount", "balance", "used")}
    words = {name: getattr(found, name) for name in ("number", "year", "pci", "expense_type", "source", "state")}
    day = found.issued_on.isoformat() if found.issued_on else None
    told = {name: None if value is None else str(value) for name, value in amounts.items()}
    return {**words, **told, "issued_on": day, "certificate": found.certificate}
