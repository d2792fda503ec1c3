// The verifier in the browser: the same checks as pliego/ledger/verify.py, with WebCrypto and nothing else.
// It reads files that the person chooses, sends nothing, and needs no server once it is loaded.

const RECEIPT = "pliego.recibo/1";
const EXPEDIENTE = "pliego.expediente/1";
const RECEIPT_FIELDS = "body checkpoint code format inclusion index leaf tlog_proof vkey";
const EXPEDIENTE_FIELDS = "acts checkpoint documents file format made_at sha256 unsealed vkey";
const ACT_FIELDS = "body folio inclusion index leaf previous";
const encoder = new TextEncoder();

const sha256 = async (...parts) => {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
};
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const equal = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const fromHex = (text) => {
  if (typeof text !== "string" || !/^([0-9a-f]{2})*$/.test(text)) throw new Error("hex");
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
};
const fromBase64 = (text) => {
  if (typeof text !== "string" || btoa(atob(text)) !== text) throw new Error("base64");
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
};
const leafHash = (bytes) => sha256(Uint8Array.of(0), bytes);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

// ---- the Merkle tree (RFC 6962) ------------------------------------------------------------------------------------

export async function verifyInclusion(leaf, index, size, path, root) {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size || leaf.length !== 32) return false;
  // Halving with division: indexes may pass 2^31, where shifts of JavaScript wrap.
  const half = (n) => Math.floor(n / 2);
  let place = index, last = size - 1, found = leaf;
  for (const sibling of path) {
    if (last === 0 || sibling.length !== 32) return false;
    if (place % 2 === 1 || place === last) {
      found = await nodeHash(sibling, found);
      while (place !== 0 && place % 2 === 0) [place, last] = [half(place), half(last)];
    } else {
      found = await nodeHash(found, sibling);
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && equal(found, root);
}

// ---- signed notes (C2SP) -------------------------------------------------------------------------------------------

export async function parseKey(vkey) {
  const [name, id, ...rest] = String(vkey).trim().split("+");
  const raw = fromBase64(rest.join("+"));
  const own = (await sha256(encoder.encode(name + "\n"), raw)).slice(0, 4);
  if (!name || raw[0] !== 1 || raw.length !== 33 || hex(own) !== id) throw new Error("key");
  return { name, id: own, raw: raw.slice(1), text: String(vkey).trim() };
}

export async function openCheckpoint(note, key) {
  const cut = typeof note === "string" ? note.lastIndexOf("\n\n") : -1;
  if (cut < 0 || !note.endsWith("\n")) throw new Error("note");
  const text = note.slice(0, cut + 1);
  const lines = text.split("\n");
  const isHead = lines.length >= 4 && lines[0] === key.name && /^(0|[1-9]\d{0,15})$/.test(lines[1]);
  if (!isHead) throw new Error("note");
  for (const line of note.slice(cut + 2).trimEnd().split("\n")) {
    const [dash, name, encoded, more] = line.split(" ");
    if (dash !== "—" || name !== key.name || more !== undefined) continue;
    const raw = fromBase64(encoded);
    if (!equal(raw.slice(0, 4), key.id)) continue;
    const usable = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
    if (await crypto.subtle.verify({ name: "Ed25519" }, usable, raw.slice(4), encoder.encode(text))) {
      const root = fromBase64(lines[2]);
      if (root.length === 32) return { size: Number(lines[1]), root };
    }
  }
  throw new Error("note");
}

export async function hasEd25519() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(9), { name: "Ed25519" }, false, ["verify"]);
    return true;
  } catch (fault) {
    return fault.name !== "NotSupportedError" && fault.name !== "TypeError";
  }
}

// ---- how an act was signed: the same checks as verify_signature.py and webauthn.py ----------------------------------

const INTENTION_FIELDS = "account acts at format nonce person place site";
const PARTS = "authenticator_data client_data public_key signature";
const keysOf = (value) => (value !== null && typeof value === "object" && !Array.isArray(value) ? Object.keys(value).sort().join(" ") : "");
const toUrl64 = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const fromUrl64 = (text) => {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  if (toUrl64(bytes) !== text) throw new Error("base64url");
  return bytes;
};

function cbor(bytes, at = 0) {
  const major = bytes[at] >> 5;
  let extra = bytes[at] & 31;
  at += 1;
  if (extra >= 24) {
    const width = { 24: 1, 25: 2, 26: 4 }[extra];
    extra = bytes.slice(at, at + width).reduce((sum, byte) => sum * 256 + byte, 0);
    at += width;
  }
  if (major === 0) return [extra, at];
  if (major === 1) return [-1 - extra, at];
  if (major === 2 && at + extra <= bytes.length) return [bytes.slice(at, at + extra), at + extra];
  if (major !== 5) throw new Error("cbor");
  const map = new Map();
  for (let i = 0; i < extra; i += 1) {
    let name, value;
    [name, at] = cbor(bytes, at);
    [value, at] = cbor(bytes, at);
    map.set(name, value);
  }
  return [map, at];
}

// ECDSA comes as DER; WebCrypto wants r and s side by side, 32 bytes each.
function plainEcdsa(der) {
  const out = new Uint8Array(64);
  let at = 2;
  for (const place of [0, 32]) {
    if (der[0] !== 0x30 || der[at] !== 2) throw new Error("der");
    const number = der.slice(at + 2, at + 2 + der[at + 1]);
    const bare = number[0] === 0 ? number.slice(1) : number;
    if (bare.length > 32) throw new Error("der");
    out.set(bare, place + 32 - bare.length);
    at += 2 + der[at + 1];
  }
  if (at !== der.length) throw new Error("der");
  return out;
}

async function coseVerifies(cose, signature, message) {
  const [map, end] = cbor(cose);
  if (end !== cose.length) throw new Error("cbor");
  const kind = `${map.get(1)} ${map.get(3)} ${map.get(1) === 3 ? "" : map.get(-1)}`;
  const use = async (key, how, signed) =>
    crypto.subtle.verify(how, await crypto.subtle.importKey("jwk", key, how, false, ["verify"]), signed, message);
  if (kind === "2 -7 1") {
    const key = { kty: "EC", crv: "P-256", x: toUrl64(map.get(-2)), y: toUrl64(map.get(-3)) };
    return use(key, { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }, plainEcdsa(signature));
  }
  if (kind === "1 -8 6") return use({ kty: "OKP", crv: "Ed25519", x: toUrl64(map.get(-2)) }, { name: "Ed25519" }, signature);
  if (kind.startsWith("3 -257")) {
    const key = { kty: "RSA", n: toUrl64(map.get(-1)), e: toUrl64(map.get(-2)) };
    return use(key, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, signature);
  }
  throw new Error("cose");
}

async function answerHolds(intention, assertion) {
  if (keysOf(assertion) !== PARTS) return false;
  const [data, client, key, signature] = PARTS.split(" ").map((part) => fromUrl64(assertion[part]));
  const said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(client));
  const challenge = await sha256(encoder.encode(canonical(intention)));
  const host = await sha256(encoder.encode(new URL(intention.site).hostname));
  return (
    said.type === "webauthn.get" && said.origin === intention.site && said.challenge === toUrl64(challenge) &&
    data.length >= 37 && equal(data.slice(0, 32), host) && (data[32] & 5) === 5 &&
    (await coseVerifies(key, signature, new Uint8Array([...data, ...(await sha256(client))])))
  );
}

async function isNamed(intention, body, evidence) {
  const content = structuredClone({ act: body.act, file: body.file, data: body.data, documents: body.documents });
  for (const path of evidence.open) {
    const last = path.at(-1);
    const inside = path.slice(0, -1).reduce((value, step) => value[step], content);
    if (!(last in inside)) return false;
    inside[last] = null;
  }
  content.salt = evidence.salt;
  return intention.acts.includes(hex(await sha256(encoder.encode(canonical(content)))));
}

export async function checkSignature(found, body, name) {
  const evidence = body.signature?.evidence;
  if (!evidence?.intention) return;
  const { intention, second } = evidence;
  try {
    const isOwn = keysOf(intention) === INTENTION_FIELDS && intention.format === "pliego.intencion/1" &&
      intention.person === body.who.person && intention.account === body.who.account;
    if (!isOwn || !(await isNamed(intention, body, evidence))) found.faults.push(["intention", name]);
    const wrong = body.signature.method === "passkey" && !(await answerHolds(intention, evidence.assertion));
    const other = second && (second.person === body.who.person || !second.person || !second.act);
    if (wrong || other) found.faults.push(["signature", name]);
    else if (body.signature.method === "passkey") found.signed += 1;
  } catch {
    found.faults.push(["signature", name]);
  }
}

// ---- what Pliego issues --------------------------------------------------------------------------------------------

const report = (kind, subject) => ({ kind, subject, size: 0, acts: [], faults: [], notes: [], count: 0, reserved: 0, signed: 0 });

const bodyOf = (text) => {
  try {
    const body = JSON.parse(text);
    return body !== null && typeof body === "object" && !Array.isArray(body) ? body : {};
  } catch {
    return {};
  }
};

function hasShape(found, data, names) {
  const wanted = names.split(" ");
  const wrong = [...wanted.filter((name) => !(name in data)), ...Object.keys(data).filter((name) => !wanted.includes(name))];
  if (wrong.length) found.faults.push(["shape", wrong.join(", ")]);
  return !wrong.length;
}

async function headOf(found, data, trusted) {
  let inside = null;
  try {
    inside = await parseKey(data.vkey);
  } catch {
    found.faults.push(["key"]);
  }
  if (!trusted) found.notes.push(["own_key"]);
  else if (inside && inside.text !== trusted.text) found.faults.push(["key"]);
  try {
    const head = await openCheckpoint(data.checkpoint, trusted ?? inside);
    found.size = head.size;
    // Witnesses are only named here: whoever trusts their keys checks them with “pliego verify --witness”.
    const signers = data.checkpoint.slice(data.checkpoint.lastIndexOf("\n\n") + 2).trimEnd().split("\n").map((line) => line.split(" ")[1]);
    const witnesses = signers.filter((name) => name !== (trusted ?? inside).name);
    if (witnesses.length) found.notes.push(["witnesses", witnesses.join(", ")]);
    return head;
  } catch {
    found.faults.push(["checkpoint"]);
    return null;
  }
}

async function checkAct(found, act, head, name) {
  let leaf, path;
  try {
    leaf = fromHex(act.leaf);
    path = act.inclusion.map(fromBase64);
  } catch {
    found.faults.push(["inclusion", name]);
    return "";
  }
  if (typeof act.body === "string" && !equal(await leafHash(encoder.encode(act.body)), leaf)) {
    found.faults.push(["body", name]);
  } else if (head && !(await verifyInclusion(leaf, act.index, head.size, path, head.root))) {
    found.faults.push(["inclusion", name]);
  }
  return act.leaf;
}

export async function verifyReceipt(data, trusted) {
  const found = report("receipt", String(data.code));
  if (!hasShape(found, data, RECEIPT_FIELDS)) return found;
  const head = await headOf(found, data, trusted);
  if (typeof data.body !== "string") found.faults.push(["body", found.subject]);
  await checkAct(found, data, head, found.subject);
  const body = bodyOf(data.body);
  if (body.code !== data.code) found.faults.push(["code"]);
  const steps = Array.isArray(data.inclusion) ? data.inclusion : [];
  const proof = ["c2sp.org/tlog-proof@v1", `index ${data.index}`, ...steps].join("\n") + "\n\n" + data.checkpoint;
  if (data.tlog_proof !== proof) found.faults.push(["proof"]);
  found.acts.push(body);
  await checkSignature(found, body, found.subject);
  return found;
}

const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
};

export async function verifyExpediente(data, trusted) {
  const found = report("expediente", String(data.file));
  if (!hasShape(found, data, EXPEDIENTE_FIELDS)) return found;
  const lists = Array.isArray(data.acts) && data.acts.length && Array.isArray(data.documents);
  if (!lists) {
    found.faults.push(["shape", "acts, documents"]);
    return found;
  }
  const { sha256: said, ...rest } = data;
  if (hex(await sha256(encoder.encode(canonical(rest)))) !== said) found.faults.push(["digest"]);
  const head = await headOf(found, data, trusted);
  let previous = "";
  for (const [i, act] of data.acts.entries()) {
    const isAct = act !== null && typeof act === "object" && Object.keys(act).sort().join(" ") === ACT_FIELDS;
    if (!isAct) {
      found.faults.push(["shape", `folio ${i + 1}`]);
      continue;
    }
    const body = act.body === null ? null : bodyOf(act.body);
    const name = `folio ${i + 1}` + (body ? ` (${body.code})` : "");
    const leaf = await checkAct(found, act, head, name);
    if (body && (body.folio !== act.folio || body.previous !== act.previous || body.file !== data.file)) {
      found.faults.push(["said", name]);
    }
    if (act.folio !== i + 1) found.faults.push(["order", name]);
    else if (act.previous !== previous) found.faults.push(["chain", name]);
    previous = leaf;
    if (body) {
      found.acts.push(body);
      await checkSignature(found, body, name);
    } else found.reserved += 1;
  }
  if (data.unsealed) found.notes.push(["unsealed", data.unsealed]);
  return found;
}

// ---- the ZIP (stored members only, as Pliego writes it) --------------------------------------------------------------

export function unzip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members = new Map();
  let at = 0;
  while (at + 30 <= bytes.length && view.getUint32(at, true) === 0x04034b50) {
    const [method, size, nameLength, extra] = [
      view.getUint16(at + 8, true), view.getUint32(at + 18, true), view.getUint16(at + 26, true), view.getUint16(at + 28, true),
    ];
    const name = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at + 30, at + 30 + nameLength));
    const start = at + 30 + nameLength + extra;
    if (method !== 0 || start + size > bytes.length || members.has(name)) throw new Error("zip");
    members.set(name, bytes.subarray(start, start + size));
    at = start + size;
  }
  if (at + 4 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw new Error("zip");
  return members;
}

export async function verifyZip(bytes, trusted) {
  const members = unzip(bytes);
  const data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(members.get("expediente.json")));
  const found = await verifyExpediente(data, trusted);
  if (!Array.isArray(data.documents)) return found;
  const named = new Set(found.acts.flatMap((body) => body.documents ?? []));
  const listed = new Map(data.documents.map((row) => [row?.name, row?.sha256]));
  for (const name of members.keys()) {
    if (name !== "expediente.json" && !listed.has(name)) found.faults.push(["document_foreign", name]);
  }
  for (const [name, digest] of listed) {
    const content = members.get(name);
    const isSame = content !== undefined && hex(await sha256(content)) === digest;
    const isDocument = String(name).startsWith("documentos/");
    if (!isSame || (isDocument && !named.has(digest))) found.faults.push(["document_altered", name]);
    else if (isDocument) found.count += 1;
  }
  return found;
}

// ---- receipts in PDF: the JSON attached in it ------------------------------------------------------------------------

const latin = (bytes) => new TextDecoder("latin1").decode(bytes);

// Browsers refuse a byte after the end of what is compressed, and a line end may stand before "endstream".
async function inflated(bytes) {
  for (const lineEnd of [0, 1, 2]) {
    try {
      const whole = new Blob([bytes.subarray(0, bytes.length - lineEnd)]);
      return new Uint8Array(await new Response(whole.stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
    } catch {
      continue;
    }
  }
  return bytes;
}

export async function receiptIn(pdf) {
  const text = latin(pdf);
  for (const match of text.matchAll(/\/EmbeddedFile\b[\s\S]{0,400}?stream\r?\n/g)) {
    const start = match.index + match[0].length;
    const length = Number(/\/Length (\d+)/.exec(match[0])?.[1]);
    const content = await inflated(pdf.subarray(start, length ? start + length : text.indexOf("endstream", start)));
    try {
      const data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
      if (data.format === RECEIPT) return data;
    } catch {
      continue;
    }
  }
  return null;
}

// ---- the page --------------------------------------------------------------------------------------------------------

const isPdf = (bytes) => hex(bytes.subarray(0, 4)) === "25504446";

const legalTime = (at) => {
  const when = new Date(at);
  const form = { timeZone: "America/Bogota", dateStyle: "medium", timeStyle: "medium" };
  return Number.isNaN(when.valueOf()) ? String(at) : new Intl.DateTimeFormat("es-CO", form).format(when);
};

export async function verifyFiles(files, trusted) {
  const results = [];
  const loose = [];
  for (const file of files) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    try {
      if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
        results.push({ name: file.name, ...(await verifyZip(bytes, trusted)) });
        continue;
      }
      const inside = isPdf(bytes) ? await receiptIn(bytes) : null;
      if (inside) {
        const found = await verifyReceipt(inside, trusted);
        found.notes.push(["pdf_page"]);
        results.push({ name: file.name, ...found, inside: true });
        continue;
      }
      const data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
      if (data.format === RECEIPT) results.push({ name: file.name, ...(await verifyReceipt(data, trusted)) });
      else if (data.format === EXPEDIENTE) results.push({ name: file.name, ...(await verifyExpediente(data, trusted)) });
      else loose.push([file, bytes]);
    } catch {
      const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
      if (isZip) results.push({ name: file.name, ...report("expediente", file.name), faults: [["zip"]] });
      else loose.push([file, bytes]);
    }
  }
  for (const [file, bytes] of loose) {
    const digest = hex(await sha256(bytes));
    const found = report("document", file.name);
    const act = results.filter((r) => !r.faults.length).flatMap((r) => r.acts).find((body) => body.documents?.includes(digest));
    if (act) found.notes.push(["named_by", `${act.code} (${legalTime(act.at)})`]);
    else found.faults.push(["unreadable"]);
    results.push({ name: file.name, ...found });
  }
  return results;
}

if (globalThis.customElements) {
  customElements.define("pl-verify", class extends HTMLElement {
    connectedCallback() {
      this.texts = JSON.parse(this.getAttribute("texts"));
      this.files = this.querySelector("input[type=file]");
      this.key = this.querySelector("textarea");
      this.results = this.querySelector(".pl-verify__results");
      this.files.addEventListener("change", () => this.check(this.files.files));
      this.key.addEventListener("change", () => this.files.files.length && this.check(this.files.files));
      this.addEventListener("dragover", (event) => (event.preventDefault(), this.classList.add("pl-verify--over")));
      this.addEventListener("dragleave", () => this.classList.remove("pl-verify--over"));
      this.addEventListener("drop", (event) => {
        event.preventDefault();
        this.classList.remove("pl-verify--over");
        this.check(event.dataTransfer.files);
      });
    }

    told(act) {
      const who = [act.who?.name, act.who?.account_name].filter(Boolean).join(" · ");
      const documents = (act.documents ?? []).map((digest) => `SHA-256 ${digest}`);
      return [`${act.code} · ${act.act} · ${legalTime(act.at)}`, `${act.file} · folio ${act.folio}`, who, ...documents].filter(Boolean);
    }

    say(code, value) {
      return (this.texts[code] ?? code).replace("%s", value ?? "");
    }

    async check(files) {
      const chosen = [...files];
      this.results.replaceChildren();
      if (!(await hasEd25519())) return this.show(null, "altered", [this.say("no_ed25519")]);
      let trusted = null;
      try {
        trusted = this.key.value.trim() ? await parseKey(this.key.value) : null;
      } catch {
        return this.show(null, "altered", [this.say("bad_key")]);
      }
      for (const found of await verifyFiles(chosen, trusted)) {
        const lines = [...found.faults, ...found.notes].map(([code, value]) => this.say(code, value));
        if (!found.faults.length && found.kind !== "document") {
          if (found.kind === "receipt") lines.push(...this.told(found.acts[0]));
          else lines.push(this.say("acts", found.acts.length));
          if (found.signed) lines.push(this.say("signed", found.signed));
          if (found.reserved) lines.push(this.say("reserved", found.reserved));
          if (found.count) lines.push(this.say("documents", found.count));
          lines.push(this.say("head", found.size));
        }
        this.show(found, this.verdict(found), lines);
      }
    }

    verdict(found) {
      if (!found.faults.length) return found.inside ? "inside" : "authentic";
      return found.faults.some(([code]) => code === "unreadable") ? "unknown" : "altered";
    }

    show(found, verdict, lines) {
      const box = document.createElement("div");
      const tone = { authentic: "good", inside: "good", unknown: "unknown" }[verdict] ?? "bad";
      box.className = `pl-verify__result pl-verify__result--${tone}`;
      const head = document.createElement("p");
      head.className = "pl-verify__verdict";
      head.textContent = found ? `${found.name}: ${this.say(verdict)}` : lines.shift();
      box.append(head);
      for (const line of lines) {
        const paragraph = document.createElement("p");
        paragraph.className = "govuk-body";
        paragraph.textContent = line;
        box.append(paragraph);
      }
      this.results.append(box);
    }
  });
}
