"""Something that somebody must do, a line of “Mis tareas”; and a day that comes, a line of “Mis vencimientos”."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Task:
    """`title` is the verb and object, `subject` the process or file, `reason` why it is this person's turn."""

    title: Text
    url: str
    subject: str
    reason: Text
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that comes over a contract that somebody supervises; `at` where it has an hour. `kind` says of what.

    There may be thousands of them for one person: `page` and `args` become an address only for those that are shown.
    """

    kind: str
    on: date
    contract: str
    title: str
    about: str
    page: str
    args: tuple[str | int, ...]
    at: datetime | None = None

    @property
    def url(self) -> str:
        return reverse(self.page, args=self.args)
