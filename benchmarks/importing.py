"""The import: rows of the official CSV per second, beside COPY of what it makes into tables with the same indexes."""

import tempfile
import time
from pathlib import Path

from benchmarks import invented
from benchmarks.ground import peak_mib, table

TABLES = ("publication_release", "publication_process", "publication_identifier")


def copied_out(folder: Path) -> list[Path]:
    """What the import made, as CSV files."""
    from django.db import connection

    paths = []
    with connection.cursor() as cursor:
        for name in TABLES:
            path = folder / f"{name}.csv"
            with path.open("wb") as out, cursor.copy(f"COPY {name} TO STDOUT (FORMAT csv)") as rows:
                for data in rows:
                    out.write(data)
            paths.append(path)
    return paths


def copied_in(paths: list[Path]) -> float:
    """Seconds to COPY them into empty tables with the same columns, constraints and indexes."""
    from django.db import connection, transaction

    seconds = 0.0
    with transaction.atomic(), connection.cursor() as cursor:
        for name, path in zip(TABLES, paths, strict=True):
            cursor.execute(f"CREATE TABLE limit_{name} (LIKE {name} INCLUDING ALL)")
            start = time.perf_counter()
            with path.open("rb") as file, cursor.copy(f"COPY limit_{name} FROM STDIN (FORMAT csv)") as rows:
                while data := file.read(2**20):
                    rows.write(data)
            seconds += time.perf_counter() - start
    return seconds


def run(rows: int) -> None:
    from pliego.publication.imports import loading

    def load(path: Path) -> tuple[float, int]:
        start = time.perf_counter()
        loading.load(path, companions=[], progress=lambda run: None)
        return time.perf_counter() - start, peak_mib()

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _warm, _memory = load(invented.write(folder / "warm.csv", 2_000, first=10**8))
        _seconds, small = load(invented.write(folder / "tenth.csv", rows // 10, first=2 * 10**8))
        path = invented.write(folder / "rows.csv", rows)
        seconds, memory = load(path)
        again, _memory = load(path)
        raw = copied_in(copied_out(folder))
    total = rows + rows // 10 + 2_000
    table(
        f"Import of {rows:,} rows of the official CSV, all indexes live",
        ("", "seconds", "rows/s", "ratio"),
        [
            ("pliego import", f"{seconds:.1f}", f"{rows / seconds:,.0f}", f"{(raw / total) / (seconds / rows):.2f}"),
            ("the same file again (changes nothing)", f"{again:.1f}", f"{rows / again:,.0f}", ""),
            ("limit: COPY of the same rows, same indexes", f"{raw:.1f}", f"{total / raw:,.0f}", "1"),
        ],
    )
    print(f"peak memory {small} MiB after {rows // 10:,} rows, {memory} MiB after {rows:,}")
