"""The site as a program sees it: JSON over HTTP, and nothing else."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

Json = dict[str, Any]


class PlayFailed(Exception):
    """The site did not do what the play asked. `status` 0 means that it did not answer at all."""

    def __init__(self, asked: str, status: int, body: Any) -> None:
        self.asked, self.status, self.body = asked, status, body
        super().__init__(f"{asked}: {status} {self.said}")

    @property
    def errors(self) -> list[Json]:
        found = self.body.get("errors", []) if isinstance(self.body, dict) else []
        return [error for error in found if isinstance(error, dict)]

    @property
    def codes(self) -> set[str]:
        return {error.get("code", "") for error in self.errors}

    @property
    def said(self) -> str:
        told = "; ".join(f"{e.get('field') or '–'}: {e.get('sentence')} [{e.get('code')}]" for e in self.errors)
        return told or str(self.body)[:500]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.content or b"null")
        except ValueError:
            return self.content.decode(errors="replace")


class Site:
    """One installation at one address. A dropped connection is opened again, for reading only."""

    def __init__(self, url: str, timeout: float = 60) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise PlayFailed(url, 0, "this is not an http:// or https:// address")
        self.url = url.rstrip("/")
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self.connection = kind(parts.hostname, parts.port, timeout=timeout)

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        try:
            return self._ask(method, path, body, headers)
        except (OSError, HTTPException) as fault:
            self.connection.close()
            if method != "GET":
                raise PlayFailed(f"{method} {path}", 0, str(fault)) from fault
        try:
            return self._ask(method, path, body, headers)
        except (OSError, HTTPException) as fault:
            self.connection.close()
            raise PlayFailed(f"{method} {path}", 0, str(fault)) from fault

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.will_close:
            self.connection.close()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, content)

    def api(self, method: str, path: str, body: Json | None = None, token: str = "", **query: str) -> Any:
        """The JSON that an operation answers; PlayFailed when it refuses."""
        address = f"/api/v1{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Accept": "application/json", "Accept-Language": "es-CO"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        content = None
        if body is not None:
            content = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        answer = self.ask(method, address, content, headers)
        if answer.status >= 400:
            raise PlayFailed(f"{method} {address}", answer.status, answer.json)
        return answer.json

    def send(self, method: str, path: str, content: bytes, token: str, **query: str) -> Any:
        """Raw bytes: an upload, or a part of a sealed offer."""
        address = f"/api/v1{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}
        answer = self.ask(method, address, content, headers)
        if answer.status >= 400:
            raise PlayFailed(f"{method} {address}", answer.status, answer.json)
        return answer.json

    def download(self, path: str) -> bytes:
        """A public file, as anybody gets it."""
        answer = self.ask("GET", path, None, {"Accept": "*/*"})
        if answer.status != 200:
            raise PlayFailed(f"GET {path}", answer.status, answer.json)
        return answer.content
