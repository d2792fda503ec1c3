"""The mail of practice installations: a small SMTP server that keeps what it is given, and the reading of it.

Nothing that a practice installation sends leaves it. Each mail is one .eml file, written whole or not at all.
"""

import email
import email.policy
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import settings

LARGEST = 10 * 2**20
SUFFIX = ".eml"
RECIPIENTS = "X-Pliego-To"


class Keep:
    """What the server does with a mail: keep it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else envelope.content.encode()
        keep(self.folder, f"{RECIPIENTS}: {', '.join(envelope.rcpt_tos)}\r\n".encode() + content)
        return "250 kept"


def keep(folder: Path, content: bytes) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{time.time_ns():020d}-{secrets.token_hex(4)}{SUFFIX}"
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    beside.replace(path)
    return path


def controller(hostname: str, port: int, folder: Path) -> Controller:
    return Controller(Keep(folder), hostname=hostname, port=port, data_size_limit=LARGEST)


@dataclass(frozen=True)
class Caught:
    """A mail that was kept."""

    name: str
    at: datetime
    to: str
    subject: str
    text: str

    def is_for(self, address: str) -> bool:
        return address.strip().lower() in self.to.lower()


def caught(to: str = "") -> Iterator[Caught]:
    """The kept mails, the newest first; only those for an address, if one is given."""
    folder = Path(settings.PLIEGO_CAUGHT_MAIL)
    if not folder.is_dir():
        return
    for path in sorted(folder.glob(f"*{SUFFIX}"), reverse=True):
        found = _read(path)
        if not to or found.is_for(to):
            yield found


def one(name: str) -> Caught | None:
    """The mail of that name, which never leads out of the folder."""
    path = Path(settings.PLIEGO_CAUGHT_MAIL) / f"{name}{SUFFIX}"
    return _read(path) if name.replace("-", "").isalnum() and path.is_file() else None


def _read(path: Path) -> Caught:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(preferencelist=("plain", "html"))
    return Caught(
        name=path.stem,
        at=datetime.fromtimestamp(int(path.stem.split("-")[0]) / 1e9, UTC),
        to=str(message[RECIPIENTS] or message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=part.get_content() if part else "",
    )
