"""A row of the table of notices: which act is told to whom, in which words, and where it leads."""

from dataclasses import dataclass

from pliego.kernel.objections import Text
from pliego.notifications.audiences import Audience


@dataclass(frozen=True)
class Row:
    event: str
    audience: Audience
    title: Text
    body: Text
    url: str
    receipt: bool = False
    mail: bool = True  # false where the room of the act mails it itself

    @property
    def name(self) -> str:
        return f"{self.event}/{self.audience.name}"
