"""Canonical JSON: one value, one text, one hash (RFC 8785 for what it accepts).

Guarantees: keys sorted by UTF-16 code units, no spaces, UTF-8; the same text from every implementation. Floats and
integers beyond 2^53 are refused because languages disagree about them: write such numbers as text.
"""

import json
from datetime import UTC, datetime
from typing import Any

LARGEST_INTEGER = 2**53 - 1


def encode(value: Any) -> str:
    return _encode(value, "$")


def _encode(value: Any, path: str) -> str:
    match value:
        case None | bool():
            return json.dumps(value)
        case int():
            if abs(value) > LARGEST_INTEGER:
                raise TypeError(f"{path}: integers beyond 2^53 are not canonical JSON, write them as text")
            return str(int(value))
        case str():
            return _string(value, path)
        case dict():
            if wrong := [key for key in value if not isinstance(key, str)]:
                raise TypeError(f"{path}: the key {wrong[0]!r} is not text")
            keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
            return "{" + ",".join(f"{_string(k, path)}:{_encode(value[k], f'{path}.{k}')}" for k in keys) + "}"
        case list() | tuple():
            return "[" + ",".join(_encode(item, f"{path}[{i}]") for i, item in enumerate(value)) + "]"
    raise TypeError(f"{path}: {type(value).__name__} is not canonical JSON, write it as text")


def _string(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise TypeError(f"{path}: half a character (a lone surrogate) is not text") from error
    return json.dumps(str(value), ensure_ascii=False)


def instant(at: datetime) -> str:
    """An instant as the ledger writes it: UTC, with microseconds."""
    if at.tzinfo is None:
        raise TypeError("an instant needs its zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
