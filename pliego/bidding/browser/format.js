// The sealed offer ("doble llave") in the browser: the same format as pliego/bidding/sealing, word by word.
// Every file is a stock age file to a fresh identity S. S = A xor B; A is cut t-of-n among the members, B is the custodian's.
import { Decrypter, Encrypter, armor, generateX25519Identity, identityToRecipient, webauthn } from "age-encryption";
import { split } from "shamir-secret-sharing";
import { bech32 } from "@scure/base";
import { sha256 } from "@noble/hashes/sha2.js";
import encodeQR from "qr";

export const PART_SIZE = 8 * 2 ** 20;
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
export const hashOf = (bytes) => hex(sha256(bytes));
const utf8 = (text) => new TextEncoder().encode(text);

// The bytes that stand for a JSON value: keys sorted, no spaces (Python: sealing.canonical).
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

export function secretOf(identity) {
  return bech32.fromWords(bech32.decode(identity.toLowerCase(), false).words);
}

async function locked(recipient, piece) {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(piece));
}

// A fresh S for one envelope, and the header that locks it. `reserved`: the number of one that holds what is asked to be
// confidential, whose key is not published at the opening.
export async function newEnvelope(process, supplier, envelope, reserved = 0) {
  const identity = await generateX25519Identity();
  const secret = secretOf(identity);
  const custodianHalf = crypto.getRandomValues(new Uint8Array(32));
  const membersHalf = secret.map((byte, i) => byte ^ custodianHalf[i]);
  const shares = await split(membersHalf, process.members.length, process.t);
  const locks = [];
  for (const [i, member] of process.members.entries()) {
    locks.push({
      member: member.member,
      recipient: member.recipient,
      commit: hashOf(shares[i]),
      age: await locked(member.recipient, shares[i]),
    });
  }
  const header = {
    v: reserved ? 2 : 1,
    ...(reserved ? { reserved } : {}),
    process: process.process,
    supplier,
    envelope,
    recipient: await identityToRecipient(identity),
    t: process.t,
    locks,
    custodian: {
      number: process.custodian.number,
      recipient: process.custodian.recipient,
      commit: hashOf(custodianHalf),
      age: await locked(process.custodian.recipient, custodianHalf),
    },
  };
  return { header, attachments: [] };
}

// Encrypt a blob and hand every part to `put(sha256, bytes)`; answers the manifest's row and the hash of the clear bytes.
export async function sealBlob(recipient, blob, put, onBytes = () => {}) {
  const clear = sha256.create();
  const watched = blob.stream().pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        clear.update(chunk);
        onBytes(chunk.length);
        controller.enqueue(chunk);
      },
    }),
  );
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const reader = (await encrypter.encrypt(watched)).getReader();
  const parts = [];
  let buffer = new Uint8Array(PART_SIZE);
  let used = 0;
  let sealed = 0;
  const handOn = async () => {
    const part = buffer.slice(0, used);
    const name = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", part)));
    await put(name, part);
    parts.push(name);
    sealed += used;
    used = 0;
  };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    for (let rest = value; rest.length; ) {
      const taken = Math.min(PART_SIZE - used, rest.length);
      buffer.set(rest.subarray(0, taken), used);
      used += taken;
      rest = rest.subarray(taken);
      if (used === PART_SIZE) await handOn();
    }
  }
  if (used) await handOn();
  buffer = null;
  return { row: { name: "", item: "", size: blob.size, sealed, parts }, sha256: hex(clear.digest()) };
}

// Of a file of the variant: "v7" answers question 7 instead of the base offer.
const isVaried = ({ item }) => item.startsWith("v");

// Seal the answers of an envelope, and put its files in their order. `isTold`: whether the manifest may say which question
// each file answers.
export async function finishEnvelope(envelope, contents, put, isTold = true) {
  const { header, attachments } = envelope;
  const listed = attachments.map(({ item, name, sealed }, i) => ({
    item,
    file: i + 1,
    name,
    size: sealed.row.size,
    sha256: sealed.sha256,
  }));
  const seal = {
    process: header.process,
    supplier: header.supplier,
    envelope: header.envelope,
    recipient: header.recipient,
  };
  const varied = listed.filter(isVaried).map((file) => ({ ...file, item: file.item.slice(1) }));
  const variant = contents.variant ? { variant: { ...contents.variant, files: varied } } : {};
  const answers = canonical({ v: 1, seal, ...contents, ...variant, files: listed.filter((file) => !isVaried(file)) });
  const { row } = await sealBlob(header.recipient, new Blob([utf8(answers)]), put);
  // A question of a lot in clear would tell the lot; one twice, a variant; of a reserved envelope, what is kept.
  const named = isTold && !contents.lots && !contents.variant && !header.reserved;
  const rows = [row, ...attachments.map(({ item, sealed }) => ({ ...sealed.row, item: named ? item : "" }))];
  return { header, files: rows.map((each, i) => ({ ...each, name: `${String(i).padStart(4, "0")}.age` })) };
}

export function newManifest(process, supplier, bundle, envelopes) {
  const submission = hex(crypto.getRandomValues(new Uint8Array(16)));
  const v = envelopes.some(({ header }) => header.reserved) ? 2 : 1;
  return { v, process: process.process, supplier, submission, bundle, part_size: PART_SIZE, envelopes };
}

// ---- members' keys -------------------------------------------------------------------------------------------------

export async function newKey() {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

// The key file: the identity as age-keygen writes it, protected by a passphrase.
export async function protectedKey(identity, recipient, passphrase) {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  return armor.encode(await encrypter.encrypt(`# public key: ${recipient}\n${identity}\n`));
}

// The key file that only a passkey opens (its PRF extension): no passphrase to forget. The name is shown by the device.
export async function keyForPasskey(identity, recipient, name) {
  const credential = await webauthn.createCredential({ keyName: name });
  const encrypter = new Encrypter();
  encrypter.addRecipient(new webauthn.WebAuthnRecipient({ identity: credential }));
  return armor.encode(await encrypter.encrypt(`# public key: ${recipient}\n${identity}\n`));
}

const PASSKEY_STANZA = "-> age-encryption.org/fido2prf ";

// The key on paper: groups of four characters, read back however they are typed. Its own checksum finds a slip.
export const onPaper = (identity) => identity.match(/.{1,4}/g).join(" ");
export const fromPaper = (typed) => new TextEncoder().encode(typed.replace(/\s/g, "").toUpperCase());

// The same key as the squares of a QR code: rows of true (dark) and false, with the white around them that readers need. A
// quarter of them may be torn or stained.
export const onPaperAsQr = (identity) => encodeQR(identity, "raw", { ecc: "quartile", border: 4 });

// The key that the person brings: its file with its passphrase or, typed, its copy on paper.
export async function keyOf({ file, passphrase, paper }) {
  if (paper?.trim()) return readKey(fromPaper(paper), "");
  return readKey(new Uint8Array(await file.arrayBuffer()), passphrase);
}

// What protects the file of a key, as its own header says. Of a copy on paper the platform need not know.
export async function keptBy({ file, paper }) {
  if (paper?.trim()) return "other";
  const text = await file.text();
  const armored = text.trimStart().startsWith("-----BEGIN AGE");
  const header = armored ? new TextDecoder().decode(armor.decode(text.trim())) : text;
  if (header.includes(PASSKEY_STANZA)) return "passkey";
  return header.includes("-> scrypt ") ? "passphrase" : "other";
}

export async function readKey(bytes, passphrase) {
  const text = new TextDecoder().decode(bytes);
  const armored = text.trimStart().startsWith("-----BEGIN AGE");
  let clear = text;
  if (armored || text.startsWith("age-encryption.org/")) {
    const sealed = armored ? armor.decode(text.trim()) : bytes;
    const decrypter = new Decrypter();
    if (new TextDecoder().decode(sealed).includes(PASSKEY_STANZA)) decrypter.addIdentity(new webauthn.WebAuthnIdentity());
    else decrypter.addPassphrase(passphrase);
    clear = await decrypter.decrypt(sealed, "text");
  }
  const identity = clear.split(/\s+/).find((word) => word.startsWith("AGE-SECRET-KEY-1"));
  if (!identity) throw new Error("no key");
  return { identity, recipient: await identityToRecipient(identity) };
}

function opener(identity) {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter;
}

export async function openText(identity, armored) {
  return opener(identity).decrypt(armor.decode(armored.trim()), "text");
}

// What a lock holds: {share}, or {file_key} that proves that the lock lies, or {} when it does not open.
export async function openLock(identity, lock) {
  try {
    const content = armor.decode(lock.age.trim());
    const share = await opener(identity).decrypt(content);
    if (hashOf(share) === lock.commit) return { share: hex(share) };
    return { file_key: hex(await opener(identity).decryptHeader(content)) };
  } catch {
    return {};
  }
}

// ---- drafts --------------------------------------------------------------------------------------------------------

const ROUNDS = 600_000;
const base64 = (bytes) => {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
};
const unbase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

export async function draftKey(phrase, salt = crypto.getRandomValues(new Uint8Array(16)), rounds = ROUNDS) {
  const raw = await crypto.subtle.importKey("raw", utf8(phrase.normalize("NFKC").trim()), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  const key = await crypto.subtle.deriveKey(how, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return { key, salt, rounds };
}

export async function sealDraft({ key, salt, rounds }, value, bound) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: utf8(bound) };
  const content = new Uint8Array(await crypto.subtle.encrypt(how, key, utf8(JSON.stringify(value))));
  return JSON.stringify({ v: 1, salt: base64(salt), rounds, iv: base64(iv), content: base64(content) });
}

export async function openDraft(phrase, text, bound) {
  const { salt, rounds, iv, content } = JSON.parse(text);
  const made = await draftKey(phrase, unbase64(salt), Math.max(rounds, ROUNDS));
  const how = { name: "AES-GCM", iv: unbase64(iv), additionalData: utf8(bound) };
  const clear = await crypto.subtle.decrypt(how, made.key, unbase64(content));
  return { made, value: JSON.parse(new TextDecoder().decode(clear)) };
}

const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

// A phrase of 5 groups of 4 readable characters: 98 bits.
export function proposedPhrase() {
  const groups = [];
  while (groups.length < 5) {
    const bytes = crypto.getRandomValues(new Uint8Array(32)).filter((b) => b < 240);
    groups.push(Array.from(bytes.subarray(0, 4), (b) => LETTERS[b % 30]).join(""));
  }
  return groups.join("-");
}
