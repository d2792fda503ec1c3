"""The command line `pliego`. Each room's commands are Django commands; `pliego django …` reaches Django's own."""

import os
import sys


def main(argv: list[str] | None = None) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pliego.config.settings")
    from django.core.management import execute_from_command_line

    args = sys.argv[1:] if argv is None else argv
    if args[:1] == ["django"]:
        args = args[1:]
    execute_from_command_line(["pliego", *args])
