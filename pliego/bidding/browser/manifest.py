"""`python -m pliego.bidding.browser.manifest SCRATCH`: write vendor.json and the licences after a build."""

import hashlib
import json
import shutil
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
STATIC = SOURCE.parent / "static" / "bidding"
INSIDE = (
    "age-encryption",
    "shamir-secret-sharing",
    "@scure/base",
    "@noble/hashes",
    "@noble/ciphers",
    "@noble/curves",
    "@noble/post-quantum",
    "qr",
)
BUILDS = ("esbuild",)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(scratch: Path) -> None:
    locked = json.loads((scratch / "package-lock.json").read_text())["packages"]
    packages = []
    (STATIC / "licences").mkdir(exist_ok=True)
    for name in INSIDE + BUILDS:
        found, folder = locked[f"node_modules/{name}"], scratch / "node_modules" / name
        line = {"name": name, "version": found["version"], "integrity": found["integrity"]}
        line["licence"] = json.loads((folder / "package.json").read_text())["license"]
        if name in INSIDE:
            line["licence_file"] = f"licences/{name.lstrip('@').replace('/', '-')}.txt"
            shutil.copyfile(folder / "LICENSE", STATIC / line["licence_file"])
        packages.append(line)
    bundle = STATIC / "sealing.js"
    told = {
        "bundle": {"file": bundle.name, "bytes": bundle.stat().st_size, "sha256": digest(bundle)},
        "packages": packages,
        "sources": {path.name: digest(path) for path in sorted(SOURCE.glob("*.js"))},
    }
    (STATIC / "vendor.json").write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
