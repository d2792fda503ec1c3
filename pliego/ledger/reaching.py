"""How the processes that live outside (custodian, witnesses) reach the platform: its HTTP API and nothing else."""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import urlsplit

LARGEST = 64 * 2**20  # of an answer


class Http(Protocol):
    """`get` and `post` answer (status, JSON)."""

    def get(self, path: str) -> tuple[int, Any]: ...

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]: ...


class Site:
    """The platform over the network. Only its own address is asked, and redirections are not followed."""

    def __init__(
        self, url: str, headers: dict[str, str] | None = None, timeout: float = 20.0, largest: int = LARGEST
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("the address of the platform must begin with http:// or https://")
        self.parts, self.headers, self.timeout, self.largest = parts, headers or {}, timeout, largest

    def get(self, path: str) -> tuple[int, Any]:
        return self._ask("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        return self._ask("POST", path, json.dumps(body).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, Any]:
        kind = HTTPSConnection if self.parts.scheme == "https" else HTTPConnection
        connection = kind(str(self.parts.hostname), self.parts.port, timeout=self.timeout)
        headers = {**self.headers, "Accept": "application/json", "Content-Type": "application/json"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read(self.largest)
        except HTTPException as fault:
            raise OSError(str(fault)) from fault
        finally:
            connection.close()
        try:
            return answer.status, json.loads(content)
        except ValueError:
            return answer.status, None
