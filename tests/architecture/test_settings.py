"""Production refuses to start with the demo's settings, and says which."""

import os
import subprocess
import sys

GOOD = {
    "PLIEGO_MODE": "production",
    "PLIEGO_SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgresql://someone@127.0.0.1/none",
    "PLIEGO_SITE_URL": "https://compras.example",
    "PLIEGO_SMTP_URL": "smtp://mail.example:25",
    "PLIEGO_OPERATOR": "Entidad de prueba",
    "PLIEGO_ALLOWED_HOSTS": "compras.example",
}


def start(changes):
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PLIEGO_") and k != "DATABASE_URL"}
    environment = {**inherited, **{k: v for k, v in {**GOOD, **changes}.items() if v is not None}}
    command = [sys.executable, "-m", "pliego", "django", "check"]
    return subprocess.run(command, check=False, env=environment, capture_output=True, text=True)


class TestProduction:
    def test_starts_with_settings_of_its_own(self):
        done = start({})

        assert done.returncode == 0, done.stderr

    def test_refuses_each_demo_setting_and_names_all_at_once(self):
        done = start({"PLIEGO_SECRET_KEY": None, "PLIEGO_SITE_URL": "http://compras.example", "DATABASE_URL": None})

        assert done.returncode == 1
        for name in ("PLIEGO_SECRET_KEY", "PLIEGO_SITE_URL", "DATABASE_URL"):
            assert name in done.stderr
        assert "Traceback" not in done.stderr
