"""The antivirus hook: clamd's INSTREAM conversation, when an installation names one in PLIEGO_CLAMD."""

import socket
import struct
from typing import IO

from django.conf import settings

TIMEOUT = 60.0
CHUNK = 1 << 18


class Unavailable(Exception):
    """The antivirus did not answer or answered with an error. Nothing is known of the file."""


def is_configured() -> bool:
    return bool(settings.PLIEGO_CLAMD)


def find(file: IO[bytes]) -> str:
    """The name of the threat found in the file, or "" when nothing was found. Raises Unavailable."""
    file.seek(0)
    try:
        with _connect() as talk:
            talk.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                talk.sendall(struct.pack(">I", len(chunk)) + chunk)
            talk.sendall(struct.pack(">I", 0))
            answer = _read(talk)
    except OSError as error:
        raise Unavailable(str(error)) from error
    finally:
        file.seek(0)
    if answer.endswith(" FOUND"):
        return answer.removesuffix(" FOUND").split(": ", 1)[-1][:200]
    if answer.endswith(" OK"):
        return ""
    raise Unavailable(answer[:200] or "no answer")


def _connect() -> socket.socket:
    if settings.PLIEGO_CLAMD.startswith("/"):
        talk = socket.socket(socket.AF_UNIX)
        talk.settimeout(TIMEOUT)
        talk.connect(settings.PLIEGO_CLAMD)
        return talk
    host, _colon, port = settings.PLIEGO_CLAMD.rpartition(":")
    return socket.create_connection((host, int(port)), TIMEOUT)


def _read(talk: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096 and (more := talk.recv(4096)):
        answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
