"""Buttons that know why they are off: a policy's verdict and a state machine's objections, as the page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from pliego.kernel.objections import Objection, Text
from pliego.kernel.policy import Verdict


@dataclass(frozen=True)
class Button:
    """`<c-pl.act :button="publish" />`. `kind` is "", "secondary" or "warning"."""

    label: Text
    url: str
    reasons: tuple[str, ...] = ()
    kind: str = ""

    @property
    def allowed(self) -> bool:
        return not self.reasons


def button(
    label: Text, url: str, *, verdict: Verdict | None = None, objections: Iterable[Objection] = (), kind: str = ""
) -> Button:
    """A button that is on when the policy says yes and nothing in the table of states objects."""
    refusals = (str(verdict.reason),) if verdict is not None and not verdict.allowed else ()
    return Button(label, url, (*refusals, *(str(objection) for objection in objections)), kind)
