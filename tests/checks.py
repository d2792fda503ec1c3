"""`make check`, the part that needs the product: migrations, the deployment checklist, the generated pages."""

import io
import os
import sys

import tests.postgres  # noqa: F401 - starts the database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pliego.config.settings")


def main() -> int:
    import django
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    django.setup()
    faults = 0
    for name, options in (
        ("check", {"fail_level": "WARNING"}),
        ("makemigrations", {"check_changes": True, "dry_run": True}),
        ("docs", {"args": ("generate",), "check": True}),
    ):
        said = io.StringIO()
        try:
            call_command(name, *options.pop("args", ()), stdout=said, stderr=said, **options)
        except (SystemExit, SystemCheckError) as error:
            if isinstance(error, SystemCheckError) or error.code:
                sys.stdout.write(f"{name}: {said.getvalue() or error}\n")
                faults += 1
    sys.stdout.write("migrations, settings and generated pages: " + ("faults above\n" if faults else "good\n"))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
