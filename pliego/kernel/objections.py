"""What a use case answers when it does not do what was asked.

Guarantees: these three exceptions are the only expected failures of a service; the web and the API turn them into
422/409 (Refused), 403 (Denied) and 404 (Unknown), and they are never logged as errors.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Objection:
    """One reason why an act is refused.

    `code` is stable and in English; `sentence` says what happened and how to mend it, in the reader's language;
    `field` names the field of the form at fault ("" is the whole form); `legal_basis` cites the article of a law.
    """

    code: str
    sentence: Text
    field: str = ""
    legal_basis: str = ""

    def __str__(self) -> str:
        return f"{self.sentence} ({self.legal_basis})" if self.legal_basis else str(self.sentence)


class Refused(Exception):
    """The act is not possible as asked. Carries every objection at once, never only the first."""

    def __init__(self, *objections: Objection) -> None:
        if not objections:
            raise TypeError("Refused needs at least one objection")
        self.objections = objections
        super().__init__("; ".join(f"{o.code}: {o.sentence}" for o in objections))


class Denied(Exception):
    """The actor knows of the object but may not do this to it. `reason` is shown to them."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(str(reason))


class SignatureRequired(Denied):
    """The act binds: it needs a fresh signature (second factor) of the person who does it."""


class Unknown(Exception):
    """There is no such object for this actor."""


def gather(*found: Objection | Iterable[Objection] | None) -> list[Objection]:
    """Flatten what rules return (nothing, one or many objections) into one list."""
    return list(_flatten(found))


def _flatten(found: Iterable[Objection | Iterable[Objection] | None]) -> Iterator[Objection]:
    for item in found:
        if isinstance(item, Objection):
            yield item
        elif item is not None:
            yield from item


def refuse_if_any(*found: Objection | Iterable[Objection] | None) -> None:
    """Raise Refused with all objections, or do nothing when there are none."""
    if objections := gather(*found):
        raise Refused(*objections)
