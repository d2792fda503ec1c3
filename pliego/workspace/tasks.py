"""“Mis tareas”: what waits for a person, asked of every room and put in the order in which it is due."""

from datetime import UTC, datetime

from pliego.kernel.actors import Actor
from pliego.kernel.todo import Task
from pliego.workspace.rooms import answering

LATEST = datetime.max.replace(tzinfo=UTC)


def tasks_for(*, actor: Actor, at: datetime) -> list[Task]:
    """Everything that the actor must do, the most pressing first; what has no term comes last."""
    if not actor.signed_in:
        return []
    found = [task for _room, ask in answering("tasks_for") for task in ask(actor, at)]
    return sorted(found, key=lambda task: (task.due_at or LATEST, str(task.title)))
