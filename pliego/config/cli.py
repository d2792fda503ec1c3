"""The command line `pliego`: the house's own verbs here, each room's as its management commands.

`pliego django …` reaches Django's own commands.
"""

import os
import sys


def main(argv: list[str] | None = None) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pliego.config.settings")
    arguments = sys.argv[1:] if argv is None else argv
    match arguments:
        case ["run"]:
            from pliego.config import supervisor

            sys.exit(_with_settings(supervisor.main))
        case ["messages", *rest]:
            from pliego.config import messages

            os.environ.setdefault("DATABASE_URL", "postgresql://none@127.0.0.1/none")
            _setup()
            sys.exit(messages.main(rest))
        case ["django", *rest]:
            _execute(rest)
        case _:
            _execute(arguments)


def _with_settings(verb: "object") -> int:
    from django.core.exceptions import ImproperlyConfigured

    try:
        return verb()  # type: ignore[operator, no-any-return]
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _setup() -> None:
    import django

    django.setup()


def _execute(arguments: list[str]) -> None:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(["pliego", *arguments])
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except OperationalError as error:
        sys.stderr.write(f"The database does not answer ({error}). Start it with `make run`, or set DATABASE_URL.\n")
        sys.exit(1)
