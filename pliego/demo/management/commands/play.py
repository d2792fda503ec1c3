import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.text import Text

from pliego.demo import world
from pliego.demo.play import PLAYS, PlayFailed, Site, Stage, Story
from pliego.demo.play.site import Json


class Command(BaseCommand):
    help = "Play a whole public purchase over the HTTP API of a running practice installation, as several people."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("play", choices=sorted(PLAYS))
        address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
        parser.add_argument("--url", default=address, help="the installation (default: %(default)s)")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object per act and line")
        parser.add_argument("--desk-link", default="", help="practice link of the service desk, for another machine's")
        parser.add_argument("--out", type=Path, help="folder for what is downloaded (default: var/play)")

    def handle(self, *args: Any, play: str, url: str, as_json: bool, **options: Any) -> None:
        self.as_json, self.scene = as_json, 0
        self.console = Console(highlight=False, soft_wrap=True)
        folder = options["out"] or Path(settings.PLIEGO_VAR) / "play"
        try:
            stage = Stage(Site(url), self.tell)
            told = Story(play, stage, lambda: options["desk_link"] or self.desk_link(), folder).run()
        except PlayFailed as failed:
            if as_json:
                self.stdout.write(json.dumps({"failed": failed.asked, "status": failed.status, "answer": failed.body}))
            raise CommandError(f"{failed.asked}\n{failed.status}: {failed.said}") from failed
        self.finish(told)

    def desk_link(self) -> str:
        """The link that `pliego demo links` prints for the service desk of this installation."""
        return next(link for member, link in world.links() if "desk" in member.platform_roles)

    def tell(self, act: Json) -> None:
        if self.as_json:
            self.stdout.write(json.dumps(act, ensure_ascii=False))
            self.stdout.flush()
            return
        if act["step"] != self.scene:
            self.scene = act["step"]
            self.console.print(f"\n[bold]{act['step']}. {act['scene']}[/bold]")
        at = f"{act['at'][:10]} {act['at'][11:19]}"
        line = Text.assemble((at, "cyan"), f"  {act['who']:22} {act['act']}")
        if act["receipt"]:
            line.append(f"  {act['receipt']}", "green")
        self.console.print(line)

    def finish(self, told: Json) -> None:
        if self.as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self.console.print("\n" + _("%(acts)s acts. Process %(process)s.") % told)
        self.console.print(_("Receipt: %(receipt)s") % told + "\n" + _("Whole file: %(expediente)s") % told)
        command = f"pliego verify {told['receipt']} {told['expediente']}"
        self.console.print(_("Verify both without the server: %(command)s") % {"command": command})
