"""`pliego import secop2 FILE…`: load the official open data of processes and contracts."""

import json
import resource
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

from django.db import close_old_connections
from django_typer.management import TyperCommand, command, initialize
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from typer import Argument, Exit, Option

from pliego.contracts.states import CONTRACT
from pliego.kernel.objections import Refused
from pliego.publication.imports import loading, reading
from pliego.publication.imports.axes import UNKNOWN
from pliego.publication.imports.remarks import SENTENCES
from pliego.publication.models import ImportRejection, ImportRun

SHOWN = 20
COUNTS = ("rows_read", "rows_new", "rows_merged", "rows_unchanged", "rows_refused", "values_left_out")


class Command(TyperCommand):
    help = "Load official open data."
    requires_system_checks: list[str] = []

    @initialize()
    def sources(self) -> None:
        """Each source of open data is a verb of its own."""

    @command()
    def secop2(
        self,
        files: Annotated[list[Path], Argument(help="CSV files, in any order", exists=True, dir_okay=False)],
        as_json: Annotated[bool, Option("--json", help="Print a JSON line per remark and per file")] = False,
        dry_run: Annotated[bool, Option("--dry-run", help="Read and check everything, keep nothing")] = False,
    ) -> None:
        """Load processes and contracts; files of entities fill in the buyers of contracts named by number."""
        loads, companions, unknown = sorted_files(files)
        for path, headings in unknown:
            self.stderr.write(f"{path}: these are not the columns of a known data set: {', '.join(headings[:8])}…")
        total: Counter[str] = Counter()
        began = time.monotonic()
        for path in loads:
            try:
                total.update(self.one(path, companions, as_json, dry_run))
            except Refused as refused:
                self.stderr.write(f"{path}: {'; '.join(str(o) for o in refused.objections)}")
                raise Exit(1) from refused
        self.summary(total, time.monotonic() - began, as_json)
        close_old_connections()
        if unknown:
            raise Exit(1)

    def one(self, path: Path, companions: list[Path], as_json: bool, dry_run: bool) -> dict[str, int]:
        console = Console(stderr=True, quiet=as_json)
        rows = TextColumn("{task.fields[rows]} rows")
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), rows, TimeRemainingColumn())
        remarks: list[ImportRejection] = []
        with Progress(*columns, console=console) as bar:
            task = bar.add_task(path.name, total=path.stat().st_size, rows=0)

            def progress(run: ImportRun) -> None:
                bar.update(task, completed=run.offset_bytes, rows=run.rows_read)
                if dry_run and run.finished_at:  # nothing of it will be there to be asked afterwards
                    remarks.extend(run.rejections.order_by("line", "id"))

            run = loading.load(path, companions=companions, progress=progress, dry_run=dry_run)
        self.report(run, remarks if dry_run else run.rejections.order_by("line", "id").iterator(), as_json, dry_run)
        return {name: getattr(run, name) for name in COUNTS}

    def report(self, run: ImportRun, remarks: Any, as_json: bool, dry_run: bool) -> None:
        counts = {name: getattr(run, name) for name in COUNTS}
        reasons: Counter[str] = Counter()
        if not as_json:
            self.stdout.write(f"{run.file_name} ({run.layout}): " + spelled(counts))
            for line in told_of_contracts(run):
                self.stdout.write(line)
        for remark in remarks:
            reasons[remark.reason] += 1
            if as_json:
                self.stdout.write(json.dumps(described(run, remark), ensure_ascii=False))
            elif reasons.total() <= SHOWN:
                said = f" {remark.field} = {remark.value!r}" if remark.field else ""
                self.stdout.write(f"  line {remark.line}:{said} {SENTENCES[remark.reason]}")
        if as_json:
            found = {"file": run.file_name, "layout": run.layout, **counts, "reasons": reasons, "dry_run": dry_run}
            if run.layout == "contract":
                found |= {"stages": run.stages, "happened": run.happened}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        elif reasons.total() > SHOWN:
            self.stdout.write("  … " + ", ".join(f"{reason}: {n}" for reason, n in reasons.most_common()))

    def summary(self, total: Counter[str], seconds: float, as_json: bool) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        rate = round(total["rows_read"] / seconds) if seconds else 0
        if as_json:
            facts = {**total, "seconds": round(seconds, 2), "rows_per_second": rate, "peak_memory_mib": peak}
            self.stdout.write(json.dumps({"total": facts}))
        else:
            self.stdout.write(f"total: {spelled(total)}")
            self.stdout.write(f"{seconds:.1f} s, {rate} rows/s, peak memory {peak} MiB")


def spelled(counts: Any) -> str:
    return " · ".join(f"{name.removeprefix('rows_').replace('_', ' ')} {counts[name]}" for name in COUNTS)


def told_of_contracts(run: ImportRun) -> list[str]:
    """Contracts of the file by stage and by what happened; then each word of the source whose stage stays unknown."""
    stages: Counter[str] = Counter()
    unknown: list[tuple[int, str, str]] = []
    for literal, outcomes in run.stages.items():
        for outcome, rows in outcomes.items():
            stages[outcome if outcome in CONTRACT.states else "not known"] += rows
            if outcome.startswith("?"):
                unknown.append((rows, literal, outcome[1:]))
    told = {"stage of life": stages, "what happened": Counter(run.happened)}
    lines = [
        f"  {of}: " + " · ".join(f"{k} {n}" for k, n in found.most_common()) for of, found in told.items() if found
    ]
    return lines + [f"  {n} × “{literal or '–'}”: {UNKNOWN[why]}" for n, literal, why in sorted(unknown, reverse=True)]


def described(run: ImportRun, remark: ImportRejection) -> dict[str, Any]:
    return {
        "file": run.file_name,
        "line": remark.line,
        "field": remark.field,
        "reason": remark.reason,
        "sentence": str(SENTENCES[remark.reason]),
        "value": remark.value,
        "row_refused": remark.raw != "",
    }


def sorted_files(files: list[Path]) -> tuple[list[Path], list[Path], list[tuple[Path, list[str]]]]:
    """What is to be loaded, the files of entities that go with it, and what nobody recognises."""
    loads: list[Path] = []
    companions: list[Path] = []
    unknown: list[tuple[Path, list[str]]] = []
    for path in files:
        try:
            head = reading.heading(path)
        except reading.UnknownLayout as error:
            unknown.append((path, error.headings))
            continue
        (companions if head.layout.name == "entities" else loads).append(path)
    return loads, companions, unknown
