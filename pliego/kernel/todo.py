"""Something that somebody must do: a line of “Mis tareas”."""

from dataclasses import dataclass
from datetime import datetime

from pliego.kernel.objections import Text


@dataclass(frozen=True)
class Task:
    """`title` is the verb and object, `subject` the process or file, `reason` why it is this person's turn."""

    title: Text
    url: str
    subject: str
    reason: Text
    due_at: datetime | None = None
