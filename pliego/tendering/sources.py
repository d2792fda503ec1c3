"""What the sections of a draft may be copied from: a process, or what a room above offers in its way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Objection, Refused
from pliego.methods import catalogue

Content = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """A source as a list shows it. `methods`: those that it fits; none are all."""

    code: str
    title: str
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Source:
    """Sections with their content. `version` is 0 where there are none; `methods`: those that it fits, or all."""

    code: str
    title: str
    method: str
    method_version: str
    parts: tuple[str, ...]
    is_started: Callable[[str], bool]
    content: Callable[[str], Content]
    version: int = 0
    methods: tuple[str, ...] = ()

    def does_not_fit(self, tender: Any, field: str) -> Iterator[Objection]:
        if self.methods and tender.method not in self.methods:
            told = {"title": self.title, "methods": ", ".join(map(catalogue.title, self.methods))}
            sentence = _("“%(title)s” is for other methods: %(methods)s. Choose another one.")
            yield Objection("wrong_method", sentence % told, field)

    def __str__(self) -> str:
        version = [_("version %(n)s") % {"n": self.version}] if self.version else []
        return " · ".join(map(str, [self.code, *version, self.title]))

    @property
    def envelopes(self) -> dict[str, str]:
        """The envelopes of its method and what each holds; none where the method is not known here."""
        try:
            return {e.code: e.holds for e in catalogue.get(self.method, version=self.method_version).envelopes}
        except Refused:
            return {}
