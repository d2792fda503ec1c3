"""The API's operations as a page shows them, read from the OpenAPI document that the API itself publishes."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse


@dataclass(frozen=True)
class Value:
    name: str
    kind: str
    is_required: bool
    says: str


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    title: str
    says: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    name: str
    operations: tuple[Operation, ...]


def groups(request: HttpRequest) -> tuple[Group, ...]:
    """By room, in the order of the document. The document does not change while the process lives."""
    return _groups(_document(request))


def _document(request: HttpRequest) -> str:
    path = reverse("api:openapi-json")
    content: bytes = resolve(path).func(request).content
    return content.decode()


@cache
def _groups(document: str) -> tuple[Group, ...]:
    api = json.loads(document)
    found: dict[str, list[Operation]] = {}
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            room = (operation.get("tags") or ["pliego"])[0]
            found.setdefault(room, []).append(_operation(api, method.upper(), path, operation))
    return tuple(Group(room, tuple(operations)) for room, operations in sorted(found.items()))


def _operation(api: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Operation:
    values = [
        Value(each["name"], _kind(each["schema"]), bool(each.get("required")), each.get("description", ""))
        for each in operation.get("parameters", ())
        if each["in"] != "path"
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        values += _fields(api, content["schema"])
    words = operation.get("description", "")
    return Operation(method, path, operation.get("summary", ""), words, tuple(values))


def _fields(api: dict[str, Any], schema: dict[str, Any]) -> list[Value]:
    if reference := schema.get("$ref"):
        schema = api["components"]["schemas"][reference.rsplit("/", 1)[1]]
    required = set(schema.get("required", ()))
    return [
        Value(name, _kind(field), name in required, field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    """A word or two for what a value is: "text", "list of …", the name of an object."""
    if reference := schema.get("$ref"):
        return str(reference.rsplit("/", 1)[1])
    if options := schema.get("anyOf") or schema.get("allOf"):
        return " | ".join(_kind(option) for option in options)
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    return str(schema.get("format") or schema.get("type") or "object")
