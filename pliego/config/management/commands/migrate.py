"""`pliego django migrate`: Django's, which makes models anew only where an operation changed them.

Guarantees: the same operations run in the same order and leave the same tables. For each model that begins, and for
each constraint or index, Django makes that model again and every model connected with it; here all are connected, and
this was most of the time that the preparation of a new installation took.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.state import ProjectState


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with connections[options["database"]].cursor() as cursor:  # a busy machine thinks between changes
            cursor.execute("SET idle_in_transaction_session_timeout = '10min'")
        with only_what_changed():
            super().handle(*args, **options)


@contextmanager
def only_what_changed() -> Iterator[None]:
    """Nobody points yet to a model that begins, and neither a constraint nor an index is a field."""
    states: Any = ProjectState
    reload, append = states.reload_model, states._append_option

    def reload_model(self: Any, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" in vars(self) and model_name not in self.apps.all_models[app_label]:
            self.apps.render_multiple([self.models[app_label, model_name]])
        else:
            reload(self, app_label, model_name, delay)

    def append_option(self: Any, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
        if "apps" not in vars(self):
            return append(self, app_label, model_name, option_name, obj)
        options = self.models[app_label, model_name].options
        options[option_name] = [*options[option_name], obj]
        return setattr(self.apps.get_model(app_label, model_name)._meta, option_name, [*options[option_name]])

    states.reload_model, states._append_option = reload_model, append_option
    try:
        yield
    finally:
        states.reload_model, states._append_option = reload, append
