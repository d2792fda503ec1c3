"""python -m benchmarks WHAT [--rows N]: see README.md"""

import argparse
from contextlib import nullcontext
from importlib import import_module

WHAT = {
    "import": "importing",
    "search": "searching",
    "page": "paging",
    "submit": "submitting",
    "open": "opening",
    "directory": "directory",
    "signin": "signing_in",
    "plan": "planning",
    "questions": "questioning",
    "auction": "auctioning",
    "kill": "killing",
    "race": "racing",
    "upload": "uploading",
    "rush": "rushing",
    "contracts": "contracting",
}
OWN_GROUND = {"kill"}  # its database is killed: it makes one
ROWS = {
    "import": 40_000,
    "search": 100_000,
    "page": 4_000,
    "submit": 48,
    "open": 20,
    "directory": 1_000_000,
    "signin": 200,
    "plan": 5_000,
    "questions": 5_000,
    "auction": 500,
    "kill": 100_000,
    "race": 10_000,
    "upload": 200,
    "rush": 3_000,
    "contracts": 100_000,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", choices=WHAT)
    parser.add_argument("--rows", type=int, help="rows of the invented file, or suppliers for submit")
    asked = parser.parse_args()

    from benchmarks.ground import ground

    with nullcontext() if asked.what in OWN_GROUND else ground():
        import_module(f"benchmarks.{WHAT[asked.what]}").run(asked.rows or ROWS[asked.what])


if __name__ == "__main__":
    main()
