"""The map of the site: one page a path, hyphens, no primary keys."""

import re
from collections import Counter
from collections.abc import Iterator

from django.urls import URLResolver, get_resolver


def routes(patterns: list, prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path


class TestRoutes:
    def test_no_two_pages_share_a_path(self):
        # A parameter's kind or name does not tell two paths apart for whoever types one.
        shapes = Counter(
            re.sub(r"<(\w+:)?\w+>", "<>", path)
            for path in routes(get_resolver().url_patterns)
            if not path.startswith("api/")
        )
        # Names that allauth reverses are second names of the same page.
        alias = {"registro/", "ingresar/", "ingresar/codigo/", "salir/", "recuperar/", "cuenta/confirmar/"}

        assert {path for path, count in shapes.items() if count > 1} <= alias

    def test_public_paths_never_carry_primary_keys(self):
        assert not [p for p in routes(get_resolver().url_patterns) if re.search(r"<int:(id|pk)>", p)]
