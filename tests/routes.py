"""Every route of the product and the table of who may ask for it, for the tests that go over all of them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLResolver, get_resolver

TABLE = Path(__file__).with_name("permissions.csv")


def page_routes(patterns: list, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from page_routes(pattern.url_patterns, path)
        elif not path.startswith("api/v1/"):
            yield path


def api_routes() -> Iterator[tuple[str, str]]:
    for path, methods in openapi()["paths"].items():
        for method in methods:
            yield path.lstrip("/"), method.upper()


@cache
def openapi() -> dict[str, Any]:
    from pliego.config.api import api

    return api.get_openapi_schema()


def body_of(route: str, method: str) -> Any:
    """The body that the operation's own examples make, so that the answer is about the person and not the form."""
    operation = openapi()["paths"]["/" + route][method.lower()]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return example(content["schema"]) if content else {}


def example(schema: dict[str, Any]) -> Any:  # noqa: PLR0911 - one line a kind
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return example(openapi()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    if "default" in schema:
        return schema["default"]
    if options := schema.get("anyOf") or schema.get("allOf"):
        return example(options[0])
    match schema.get("type"):
        case "object":
            known, required = schema.get("properties", {}), schema.get("required", ())
            return {name: example(one) for name, one in known.items() if name in required or "examples" in one}
        case "array":
            return [example(schema["items"])] if schema.get("minItems", 1) else []
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return True
    if "enum" in schema:
        return schema["enum"][0]
    text = {"date-time": "2026-03-20T15:00:00-05:00", "date": "2026-03-20"}.get(schema.get("format", ""), "100000")
    return text.ljust(schema.get("minLength", 0), "0")[: schema.get("maxLength", 100)]


def all_routes() -> list[tuple[str, str]]:
    pages = dict.fromkeys(page_routes(get_resolver().url_patterns))
    return sorted({(path, method) for path in pages for method in ("GET", "POST")} | set(api_routes()))
