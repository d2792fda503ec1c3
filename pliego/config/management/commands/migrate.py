"""`pliego django migrate`: Django's, which makes models anew only where an operation changed them.

Guarantees: the same operations run in the same order and leave the same tables. For each model that begins, each field
that is added, and each constraint or index, Django makes that model again and every model connected with it; here all
are connected, and this was most of the time that the preparation of a new installation took. Going back is Django's own
way: there the models of former steps are needed as they were.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with connections[options["database"]].cursor() as cursor:  # a busy machine thinks between changes
            cursor.execute("SET idle_in_transaction_session_timeout = '10min'")
        executor: Any = MigrationExecutor
        forwards = executor._migrate_all_forwards

        def quickly_forwards(*args: Any, **named: Any) -> Any:
            with only_what_changed():
                return forwards(*args, **named)

        executor._migrate_all_forwards = quickly_forwards
        try:
            super().handle(*args, **options)
        finally:
            executor._migrate_all_forwards = forwards


@contextmanager
def only_what_changed() -> Iterator[None]:
    """Nobody points yet to a model that begins; a field is added to the model that is there, and neither a constraint
    nor an index is a field."""
    states: Any = ProjectState
    reload, append, remove, add = (
        *(states.reload_model, states._append_option),
        *(states._remove_option, states.add_field),
    )

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

    def remove_option(self: Any, app_label: str, model_name: str, option_name: str, obj_name: str) -> None:
        with without_models(self) as apps:
            remove(self, app_label, model_name, option_name, obj_name)
        if apps:
            options = self.models[app_label, model_name].options
            setattr(apps.get_model(app_label, model_name)._meta, option_name, [*options[option_name]])

    def add_field(self: Any, app_label: str, model_name: str, name: str, *told: Any) -> None:
        with without_models(self) as apps:
            add(self, app_label, model_name, name, *told)
        if apps:
            added = self.models[app_label, model_name].fields[name].clone()
            added.contribute_to_class(apps.get_model(app_label, model_name), name)
            apps.clear_cache()  # who points to whom is told anew

    states.reload_model, states._append_option, states._remove_option = reload_model, append_option, remove_option
    states.add_field = add_field
    try:
        yield
    finally:
        states.reload_model, states._append_option, states._remove_option = reload, append, remove
        states.add_field = add


@contextmanager
def without_models(state: Any) -> Iterator[Any]:
    """Django changes what is told of the models, and finds none made of it; answers those that there are, or none."""
    apps = vars(state).pop("apps", None)
    try:
        yield apps
    finally:
        if apps:
            state.apps = apps
