"""The offline verifier: says whether a receipt or an expediente is what the log signed, and if not, what was altered.

Plain Python over `merkle` and `notes`: no server, no database, no framework. Sentences are English message ids with
named places; whoever shows them may translate them.
"""

import base64
import binascii
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pliego.ledger import canonical, merkle, notes, verify_signature, zips

RECEIPT = "pliego.recibo/1"
EXPEDIENTE = "pliego.expediente/1"
MANIFEST, README = "expediente.json", "LEEME.txt"
DOCUMENTS, UNNAMED, EXTRA = "documentos/", "otros/", "datos/"
RECEIPT_FIELDS = {"format", "code", "body", "leaf", "index", "inclusion", "checkpoint", "vkey", "tlog_proof"}
EXPEDIENTE_FIELDS = {"format", "file", "made_at", "checkpoint", "vkey", "acts", "documents", "unsealed", "sha256"}
ACT_FIELDS = {"folio", "index", "previous", "leaf", "inclusion", "body"}


class NotReadable(Exception):
    """The file is not one that Pliego issues."""


@dataclass(frozen=True)
class Finding:
    """Something that does not fit.

    `part` groups it: body, leaf, inclusion, checkpoint, key, code, proof, chain, document, pdf, intention, signature,
    witness, shape; list when nothing more could be read.
    """

    part: str
    sentence: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values


@dataclass
class Report:
    """What was verified. `findings` empty: the file is authentic under `key`."""

    kind: str
    subject: str
    key: str = ""
    size: int = 0
    note: str = ""  # the head that holds it, once it is known to be the log's
    cosigned: dict[str, int] = field(default_factory=dict)  # by which witnesses of those given, and when (Unix time)
    acts: list[dict[str, Any]] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def is_authentic(self) -> bool:
        return not self.findings

    def fail(self, part: str, sentence: str, **values: Any) -> None:
        self.findings.append(Finding(part, sentence, values))

    def warn(self, part: str, sentence: str, **values: Any) -> None:
        self.warnings.append(Finding(part, sentence, values))


def verify_bytes(content: bytes, key: notes.Key | None) -> Report:
    """Verify a receipt (JSON or PDF) or the JSON of an expediente."""
    if content[:1024].lstrip().startswith(b"%PDF"):
        from pliego.ledger import verify_pdf

        return verify_pdf.verify(content, key)
    data = _read(content)
    match data.get("format"):
        case "pliego.recibo/1":
            return verify_receipt(data, key)
        case "pliego.expediente/1":
            return verify_expediente(data, key)
    raise NotReadable(_("this is neither a receipt nor an expediente of Pliego"))


def verify_path(path: Path, key: notes.Key | None) -> Report:
    """Verify a file on disk: receipt JSON or PDF, expediente ZIP or its JSON."""
    if zipfile.is_zipfile(path):
        with path.open("rb") as file:
            return verify_zip(file, key)
    return verify_bytes(path.read_bytes(), key)


def _read(content: bytes) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _value in pairs}) != len(pairs):
            raise NotReadable(_("a name appears twice in the JSON"))
        return dict(pairs)

    try:
        data = json.loads(content, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise NotReadable(_("this is not a file of Pliego: its JSON cannot be read")) from error
    if not isinstance(data, dict):
        raise NotReadable(_("this is neither a receipt nor an expediente of Pliego"))
    return data


# ---- one act -------------------------------------------------------------------------------------------------------


def verify_receipt(data: dict[str, Any], key: notes.Key | None) -> Report:
    """Verify a receipt with the key that the reader trusts; without one, with the key inside, which is weaker."""
    report = Report("receipt", str(data.get("code", "?")))
    if not _has_shape(report, data, RECEIPT_FIELDS, RECEIPT):
        return report
    if not isinstance(data["body"], str):
        report.fail("body", _("the text of the act is missing"))
        return report
    head = _head(report, data, key)
    _check_act(report, data, head, report.subject)
    body = _body(data["body"])
    if body is not None:
        if body.get("code") != data["code"]:
            report.fail("code", _("the code of the receipt is not that of the act, %(right)s"), right=body.get("code"))
        report.acts.append(body)
        verify_signature.check(body, report.subject, report.fail, report.warn)
    if head is not None and data["tlog_proof"] != _proof_text(data):
        report.fail("proof", _("the proof text was altered: it does not say what the receipt says"))
    return report


def _proof_text(data: dict[str, Any]) -> str:
    try:
        return notes.proof_text(data["index"], _path(data["inclusion"]), data["checkpoint"])
    except ValueError:
        return ""


def _has_shape(report: Report, data: dict[str, Any], names: set[str], form: str) -> bool:
    if data.get("format") != form:
        report.fail("list", _("the format is not %(form)s"), form=form)
    for name in sorted(names - data.keys()):
        report.fail("list", _("the field %(name)s is missing"), name=name)
    for name in sorted(data.keys() - names):
        report.fail("list", _("the field %(name)s does not belong here"), name=name)
    return not report.findings


def _head(report: Report, data: dict[str, Any], key: notes.Key | None) -> notes.Checkpoint | None:
    """The signed head of the file, under the trusted key."""
    try:
        inside = notes.Key.parse(str(data["vkey"]))
    except notes.NotSigned:
        report.fail("key", _("the key written in the file was altered: it cannot be read"))
        inside = None
    if key is None:
        report.warn("key", _("verified with the key that the file itself brings: give a key that you trust with --key"))
    elif inside is not None and inside != key:
        report.fail("key", _("the key written in the file is not the one that you trust"))
    used = key or inside
    if used is None:
        return None
    report.key = str(used)
    try:
        head = notes.open_checkpoint(str(data["checkpoint"]), used)
    except notes.NotSigned:
        report.fail("checkpoint", _("the signed head of the log was altered or is of another log"))
        return None
    report.size, report.note = head.size, str(data["checkpoint"])
    return head


def check_witnesses(report: Report, witnesses: Iterable[notes.Key]) -> None:
    """Say which of those witnesses cosigned the head of a file that was verified, and whom it names beside them."""
    if not report.note:
        return
    known = {key.name: key for key in witnesses}
    report.cosigned = notes.cosigners(report.note, known.values())
    others = set(notes.names_under(report.note)) - {notes.Key.parse(report.key).name}
    for name in sorted(others | known.keys()):
        if name in known and name in others and name not in report.cosigned:
            report.fail(
                "witness", _("the cosignature of the witness %(name)s was altered, or is of another key"), name=name
            )
        elif name not in others:
            report.warn("witness", _("the witness %(name)s has not cosigned this head of the log"), name=name)
        elif name not in known:
            report.warn(
                "witness", _("it names the witness %(name)s: give its key with --witness to check it"), name=name
            )


def _check_act(report: Report, act: dict[str, Any], head: notes.Checkpoint | None, name: str) -> bytes | None:
    """Check text, hash and place of one act; answers its leaf hash when it can be read."""
    try:
        leaf, path = bytes.fromhex(act["leaf"]), _path(act["inclusion"])
        index = act["index"]
        if isinstance(index, bool) or not isinstance(index, int):
            raise TypeError
    except (ValueError, TypeError):
        report.fail("leaf", _("%(act)s: its hash, index or proof cannot be read"), act=name)
        return None

    def holds(found: bytes) -> bool:
        return head is not None and merkle.verify_inclusion(found, index, head.size, path, head.root)

    of_body = None if act["body"] is None else merkle.leaf_hash(str(act["body"]).encode("utf-8", "surrogatepass"))
    if of_body is not None and of_body != leaf:
        if holds(of_body):
            report.fail("leaf", _("%(act)s: its hash was altered"), act=name)
        else:
            report.fail("body", _("%(act)s: its text was altered, it does not have the hash that was logged"), act=name)
    if head is not None and not holds(leaf) and not (of_body and holds(of_body)):
        report.fail("inclusion", _("%(act)s: the log does not hold it at index %(index)s"), act=name, index=index)
    return leaf


def _path(steps: Any) -> list[bytes]:
    if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
        raise ValueError("a path is a list of texts")
    try:
        return [base64.b64decode(step, validate=True) for step in steps]
    except binascii.Error as error:
        raise ValueError from error


def _body(text: Any) -> dict[str, Any] | None:
    try:
        body = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


# ---- a whole file --------------------------------------------------------------------------------------------------


def verify_expediente(data: dict[str, Any], key: notes.Key | None) -> Report:
    """Verify every act of an expediente, their order and that none is missing among them."""
    report = Report("expediente", str(data.get("file", "?")))
    if not _has_shape(report, data, EXPEDIENTE_FIELDS, EXPEDIENTE) or not _has_lists(report, data):
        return report
    head, previous = _head(report, data, key), ""
    for folio, act in enumerate(data["acts"], start=1):
        if not isinstance(act, dict) or act.keys() != ACT_FIELDS:
            report.fail("shape", _("folio %(folio)s: it does not have the fields of an act"), folio=folio)
            continue
        body = _body(act["body"]) if act["body"] is not None else None
        name = _named(folio, body)
        leaf = _check_act(report, act, head, name)
        _check_said(report, data["file"], act, body, name=name)
        if act["folio"] != folio:
            report.fail("chain", _("%(act)s: an act is missing or out of order before it"), act=name)
        elif act["previous"] != previous:
            report.fail("chain", _("%(act)s: it does not follow the act before it"), act=name)
        previous = leaf.hex() if leaf else ""
        if body is not None:
            report.acts.append(body)
            verify_signature.check(body, name, report.fail, report.warn)
    if reserved := sum(act["body"] is None for act in data["acts"] if isinstance(act, dict) and "body" in act):
        report.warn("reserved", _("reserved acts, only their hashes are here: %(count)s"), count=reserved)
    if data["unsealed"]:
        report.warn(
            "chain", _("later acts that were still being sealed and are not here: %(count)s"), count=data["unsealed"]
        )
    return report


def _has_lists(report: Report, data: dict[str, Any]) -> bool:
    rows = data["documents"]
    is_list = isinstance(rows, list) and all(
        isinstance(row, dict) and row.keys() == {"name", "sha256"} and all(isinstance(v, str) for v in row.values())
        for row in rows
    )
    if not is_list:
        report.fail("list", _("the list of documents cannot be read"))
    if not isinstance(data["acts"], list) or not data["acts"]:
        report.fail("list", _("the expediente has no acts"))
    if isinstance(data["unsealed"], bool) or not isinstance(data["unsealed"], int) or data["unsealed"] < 0:
        report.fail("list", _("the count of unsealed acts cannot be read"))
    if data["sha256"] != own_digest(data):
        report.fail("shape", _("expediente.json was altered: it does not have its own SHA-256"))
    return not any(finding.part == "list" for finding in report.findings)


def own_digest(data: dict[str, Any]) -> str:
    """The SHA-256 that an expediente.json carries of the rest of itself: finds damage, the proofs find forgery."""
    try:
        rest = canonical.encode({name: value for name, value in data.items() if name != "sha256"})
    except (TypeError, RecursionError):
        return ""
    return hashlib.sha256(rest.encode()).hexdigest()


def _named(folio: int, body: dict[str, Any] | None) -> str:
    return f"folio {folio}" + (f" ({body.get('code')})" if body else "")


def _check_said(report: Report, file: str, act: dict[str, Any], body: dict[str, Any] | None, *, name: str) -> None:
    """What stands beside a public act is what its text says: its folio, the hash of the one before, its file."""
    if act["body"] is None:
        return
    said = body or {}
    if (said.get("folio"), said.get("previous")) != (act["folio"], act["previous"]):
        report.fail("chain", _("%(act)s: its folio or the hash of the one before it was altered"), act=name)
    if said.get("file") != file:
        report.fail("chain", _("%(act)s: it is an act of another file"), act=name)


def verify_zip(file: IO[bytes], key: notes.Key | None) -> Report:
    """Verify an expediente ZIP: its acts, and every document against the acts that name it."""
    try:
        with zipfile.ZipFile(file) as archive:
            try:
                manifest = archive.read(MANIFEST)
            except KeyError as error:
                raise NotReadable(_("this ZIP is not an expediente of Pliego: it has no expediente.json")) from error
            data = _read(manifest)
            report = verify_expediente(data, key)
            if not any(finding.part == "list" for finding in report.findings):
                _check_contents(report, archive, data["documents"])
            if report.is_authentic and (part := zips.layout_fault(file, archive)):
                report.fail("document", _("document %(name)s: the ZIP around it was altered"), name=part)
            return report
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        report = Report("expediente", "?")
        report.fail("document", _("the ZIP was altered: %(fault)s"), fault=error)
        return report


def _check_contents(report: Report, archive: zipfile.ZipFile, listed: list[dict[str, Any]]) -> None:
    named = {digest: body["code"] for body in report.acts for digest in body.get("documents", ())}
    expected = {document["name"]: document["sha256"] for document in listed}
    present = archive.namelist()
    for name in sorted({name for name in present if present.count(name) > 1}):
        report.fail("document", _("document %(name)s: it is twice in the ZIP"), name=name)
    for name in sorted(set(present) - expected.keys() - {MANIFEST}):
        report.fail("document", _("document %(name)s: it does not belong to the expediente"), name=name)
    for name, digest in expected.items():
        found = _digest(archive, name)
        if found is None:
            report.fail("document", _("document %(name)s: it is missing or damaged"), name=name)
        elif found != digest or (name.startswith(DOCUMENTS) and digest not in named):
            report.fail("document", _("document %(name)s: it was altered, no act names what it holds"), name=name)
        elif name.startswith(DOCUMENTS):
            report.documents.append(name)
        elif name != README:
            report.warn("document", _("%(name)s: no act vouches for it, it is a copy for convenience"), name=name)


def _digest(archive: zipfile.ZipFile, name: str) -> str | None:
    digest = hashlib.sha256()
    try:
        with archive.open(name) as content:
            for chunk in chunks(content):
                digest.update(chunk)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return None
    return digest.hexdigest()


def chunks(content: IO[bytes], size: int = 2**20) -> Iterator[bytes]:
    while chunk := content.read(size):
        yield chunk


def verify_documents(reports: Iterable[Report], content: bytes, name: str) -> Report:
    """Verify a loose document: whether an act of the receipts beside it names its SHA-256."""
    report, digest = Report("document", name), hashlib.sha256(content).hexdigest()
    for other in reports:
        report.acts += [act for act in other.acts if digest in act.get("documents", ())]
    if report.acts:
        report.documents.append(name)
    else:
        report.fail("document", _("document %(name)s: no act of these receipts names it"), name=name)
    return report


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue; translated by whoever shows it."""
    return sentence
