"""`pliego seal`: seal an offer without a browser and without a network."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pliego.bidding import bundles, rules, sealing
from pliego.bidding.agefiles import is_recipient
from pliego.kernel.objections import Refused


class Command(BaseCommand):
    help = (
        "Seal an offer: FOLDER holds respuestas.json and the files that it names; PROCESS is the process file "
        "(proceso.json) downloaded from the page of the offer. Writes a ZIP to present on that page. "
        "With --template, writes an empty respuestas.json into FOLDER instead."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("process", type=Path)
        parser.add_argument("folder", type=Path)
        parser.add_argument("--supplier", default="", help="the code of your supplier account")
        parser.add_argument("--out", type=Path, help="where to write the ZIP (default: beside FOLDER)")
        parser.add_argument("--template", action="store_true")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        process = self.read(options["process"])
        if not all(is_recipient(lock["recipient"]) for lock in [*process["members"], process["custodian"]]):
            raise CommandError("the process file is damaged: a key in it is not one")
        folder: Path = options["folder"]
        if options["template"]:
            self.write_template(process, folder)
            return
        if not options["supplier"]:
            raise CommandError("--supplier is missing: the code of your supplier account")
        written = {"answers": {}, "prices": {}, "files": {}, **self.read(folder / bundles.ANSWERS)}
        process = bundles.for_the_lots(process, self.lots(process, written))
        if faults := self.spreadsheets(process, folder, written):
            raise CommandError("the price lists have errors:\n" + "\n".join(faults))
        if lacking := bundles.missing(process, written):
            raise CommandError("respuestas.json lacks: " + "; ".join(lacking))
        if wrong := [key for key, text in written["prices"].items() if rules.price(text) is None]:
            raise CommandError("not a price (digits and at most two decimals, as text): " + ", ".join(wrong))
        if wrong_variant := list(bundles.variant_is_wrong(process, written)):
            raise CommandError("\n".join(f"{o.field}: {o.sentence}" for o in wrong_variant))
        out = options["out"] or folder.with_name(f"{folder.name}-sellada.zip")
        contents = bundles.contents_of(process, folder, written)
        manifest = bundles.write(out, process, options["supplier"], contents)
        self.report(out, manifest, as_json=options["as_json"])

    def lots(self, process: dict[str, Any], written: dict[str, Any]) -> list[int]:
        try:
            return bundles.lots_of(process, written)
        except Refused as refused:
            raise CommandError("lots: " + "; ".join(str(o.sentence) for o in refused.objections)) from None

    def report(self, out: Path, manifest: dict[str, Any], *, as_json: bool) -> None:
        found = {"file": str(out), "manifest_sha256": sealing.hash_of(manifest), "size": out.stat().st_size}
        if as_json:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(f"{out}: sealed, {found['size']} bytes\nmanifest {found['manifest_sha256']}")

    def read(self, path: Path) -> dict[str, Any]:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise CommandError(f"{path}: {fault}") from None
        if not isinstance(found, dict):
            raise CommandError(f"{path}: this is not what the command reads")
        return found

    def spreadsheets(self, process: dict[str, Any], folder: Path, written: dict[str, Any]) -> list[str]:
        try:
            return bundles.read_prices(process, folder, written)
        except OSError as fault:
            raise CommandError(str(fault)) from None
        except Refused as refused:
            raise CommandError("; ".join(str(o.sentence) for o in refused.objections)) from None

    def write_template(self, process: dict[str, Any], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / bundles.ANSWERS
        if path.exists():
            raise CommandError(f"{path} exists already")
        path.write_text(json.dumps(bundles.template(process), indent=2, ensure_ascii=False), encoding="utf-8")
        self.stdout.write(f"{path}: fill it in, put the files beside it and run the command without --template")
