import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from pliego.kernel.calendar import BOGOTA
from pliego.ledger import notes, signer, verify


class Command(BaseCommand):
    help = "Verify receipts (JSON, PDF), expedientes (ZIP) and the documents they name. Needs no server or database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--key", default="", help="the log's public key that you trust: a vkey or a file with it")
        parser.add_argument(
            "--witness", action="append", default=[], help="the public key of a witness that you trust; may be repeated"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, files: list[Path], key: str, as_json: bool, **options: Any) -> None:
        trusted = self._key(str(key))
        witnesses = [self._read_key("--witness", given, notes.COSIGNATURE) for given in options["witness"]]
        reports = self._reports(files, trusted)
        for _path, report in reports:
            verify.check_witnesses(report, witnesses)
        with translation.override("es-co"):
            if as_json:
                rows = [_row(path, report) for path, report in reports]
                self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            else:
                for path, report in reports:
                    self._say(path, report)
        if not all(report.is_authentic for _path, report in reports):
            sys.exit(1)

    def _reports(self, files: list[Path], trusted: notes.Key | None) -> list[tuple[Path, verify.Report]]:
        found: dict[Path, verify.Report] = {}
        loose: list[Path] = []
        for path in files:
            try:
                found[path] = verify.verify_path(path, trusted)
            except verify.NotReadable as fault:
                if len(files) == 1:
                    found[path] = verify.Report("?", path.name)
                    found[path].fail("shape", str(fault))
                else:
                    loose.append(path)
            except OSError as fault:
                raise CommandError(f"{path}: {fault.strerror}") from fault
        for path in loose:
            found[path] = verify.verify_documents(found.values(), path.read_bytes(), path.name)
        return [(path, found[path]) for path in files]

    def _key(self, given: str) -> notes.Key | None:
        published = Path(settings.PLIEGO_SIGNER_DIR) / signer.VKEY_FILE
        if not given and not published.exists():
            return None
        return self._read_key("--key", given or str(published), notes.ED25519)

    def _read_key(self, option: str, given: str, kind: bytes) -> notes.Key:
        """A key that was typed, or the file that has it."""
        try:
            path = Path(given)
            return notes.Key.parse(path.read_text() if path.is_file() else given, kind)
        except (notes.NotSigned, OSError, ValueError) as fault:
            raise CommandError(f"{option}: {fault}") from fault

    def _say(self, path: Path, report: verify.Report) -> None:
        verdict = _("AUTHENTIC") if report.is_authentic else _("ALTERED")
        self.stdout.write(f"{verdict}  {path.name}  {_(KINDS.get(report.kind, report.kind))} {report.subject}")
        if report.is_authentic:
            for act in report.acts[:1] if report.kind != "expediente" else ():
                self.stdout.write(f"  {act['act']} · {_when(act['at'])} · {act['file']} · folio {act['folio']}")
            if report.kind == "expediente":
                counts = {"acts": len(report.acts), "documents": len(report.documents)}
                self.stdout.write("  " + _("public acts: %(acts)s, documents: %(documents)s") % counts)
            if report.size:
                self.stdout.write("  " + _("acts under the signed head: %(size)s") % {"size": report.size})
        for name, seconds in report.cosigned.items():
            said = {"name": name, "when": _when(datetime.fromtimestamp(seconds, UTC).isoformat())}
            self.stdout.write("  " + _("cosigned by the witness %(name)s: %(when)s") % said)
        for finding in report.findings:
            self.stdout.write("  ✗ " + _(finding.sentence) % finding.values)
        for warning in report.warnings:
            self.stdout.write("  ! " + _(warning.sentence) % warning.values)


KINDS = {
    "receipt": gettext_noop("receipt"),
    "expediente": gettext_noop("file of acts"),
    "document": gettext_noop("document"),
}


def _when(at: str) -> str:
    """The instant of an act in Colombia's legal time."""
    try:
        local = datetime.fromisoformat(at).astimezone(BOGOTA)
    except ValueError:
        return at
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d} " + _("legal time of Colombia")


def _row(path: Path, report: verify.Report) -> dict[str, Any]:
    return {
        "path": str(path),
        "kind": report.kind,
        "subject": report.subject,
        "authentic": report.is_authentic,
        "key": report.key,
        "size": report.size,
        "cosigned": report.cosigned,
        "acts": [{name: act.get(name) for name in ("code", "act", "at", "file", "folio")} for act in report.acts],
        "documents": report.documents,
        "findings": [{"part": f.part, "sentence": _(f.sentence) % f.values} for f in report.findings],
        "warnings": [{"part": w.part, "sentence": _(w.sentence) % w.values} for w in report.warnings],
    }
