// Spreadsheets read in the browser, because prices may not leave it in clear: the first sheet of an XLSX file, or a CSV.
// Cells are texts, or numbers where the spreadsheet keeps a number.
import { readAmount } from "./amounts.js";

const MOST_BYTES = 20 * 2 ** 20;
const MOST_INFLATED = 200 * 2 ** 20;

const SEARCHED = 20; // rows in which the headings may be
const MARKS = /[\u0300-\u036f]/g;

export class NotASheet extends Error {}

// [[number of the row, cells], …] of every row that has something.
export async function rowsOf(file) {
  if (file.size > MOST_BYTES) throw new NotASheet();
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const rows = bytes[0] === 0x50 && bytes[1] === 0x4b ? await workbook(bytes) : separated(decoded(bytes));
    return rows.filter(([, cells]) => cells.some((cell) => String(cell ?? "").trim() !== ""));
  } catch {
    throw new NotASheet();
  }
}

function decoded(bytes) {
  if (bytes.includes(0)) throw new NotASheet();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

export function separated(text) {
  const lines = text.split("\n", 20);
  const count = (line, mark) => line.split(mark).length - 1;
  const best = (line) => Math.max(...[..."\t;,|"].map((mark) => count(line, mark)));
  const line = lines.reduce((found, each) => (best(each) > best(found) ? each : found)); // the headings, under a title
  const mark = [..."|,;\t"].reduce((one, other) => (count(line, other) >= count(line, one) ? other : one));
  const rows = [[""]];
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    const cells = rows.at(-1);
    const last = cells.length - 1;
    if (isQuoted && sign === '"' && text[at + 1] !== '"') isQuoted = false;
    else if (isQuoted) {
      cells[last] += sign;
      at += sign === '"' ? 1 : 0;
    } else if (sign === '"' && cells[last] === "") isQuoted = true;
    else if (sign === mark) cells.push("");
    else if (sign === "\n") rows.push([""]);
    else if (sign !== "\r") cells[last] += sign;
  }
  return rows.map((cells, at) => [at + 1, cells]);
}

// ---- XLSX: a ZIP of XML ------------------------------------------------------------------------------------------------

function entriesOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  const found = new Map();
  let total = 0;
  for (let at = view.getUint32(end + 16, true), left = view.getUint16(end + 10, true); left; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    total += view.getUint32(at + 24, true);
    found.set(new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + name)), {
      method: view.getUint16(at + 10, true),
      packed: view.getUint32(at + 20, true),
      place: view.getUint32(at + 42, true),
    });
    at += 46 + name + extra + comment;
  }
  if (total > MOST_INFLATED) throw new NotASheet();
  return { bytes, view, found };
}

async function partOf({ bytes, view, found }, name) {
  const entry = found.get(name);
  if (!entry) return null;
  const from = entry.place + 30 + view.getUint16(entry.place + 26, true) + view.getUint16(entry.place + 28, true);
  let stream = new Blob([bytes.subarray(from, from + entry.packed)]).stream();
  if (entry.method === 8) stream = stream.pipeThrough(new DecompressionStream("deflate-raw"));
  return new DOMParser().parseFromString(await new Response(stream).text(), "application/xml");
}

const all = (node, name) => [...node.getElementsByTagNameNS("*", name)];

async function workbook(bytes) {
  const parts = entriesOf(bytes);
  const sheet = await partOf(parts, await firstSheet(parts));
  const shared = all((await partOf(parts, "xl/sharedStrings.xml")) ?? new DOMParser().parseFromString("<a/>", "text/xml"), "si");
  const strings = shared.map(wordsOf);
  return all(sheet, "row").map((row, at) => {
    const cells = [];
    for (const cell of all(row, "c")) cells[columnOf(cell, cells.length)] = valueOf(cell, strings);
    return [Number(row.getAttribute("r")) || at + 1, Array.from(cells, (cell) => cell ?? "")];
  });
}

async function firstSheet(parts) {
  const book = await partOf(parts, "xl/workbook.xml");
  const links = await partOf(parts, "xl/_rels/workbook.xml.rels");
  const sheet = all(book, "sheet")[0];
  const id = [...sheet.attributes].find((each) => each.localName === "id" && each.prefix)?.value;
  const target = all(links, "Relationship").find((link) => link.getAttribute("Id") === id).getAttribute("Target");
  return target.startsWith("/") ? target.slice(1) : `xl/${target}`;
}

// The words of a string, without the reading aids of Asian scripts.
const wordsOf = (node) =>
  all(node, "t").filter((each) => each.parentNode.localName !== "rPh").map((each) => each.textContent).join("");

function columnOf(cell, otherwise) {
  const letters = /^[A-Z]+/.exec(cell.getAttribute("r") ?? "")?.[0];
  if (!letters) return otherwise;
  return Math.min([...letters].reduce((place, letter) => place * 26 + letter.charCodeAt(0) - 64, 0) - 1, 200);
}

function valueOf(cell, strings) {
  const type = cell.getAttribute("t") ?? "n";
  if (type === "inlineStr") return wordsOf(cell);
  const said = all(cell, "v")[0]?.textContent ?? "";
  if (type === "s") return strings[Number(said)] ?? "";
  return type === "n" && said !== "" && Number.isFinite(Number(said)) ? Number(said) : said;
}

// ---- the prices that somebody wrote beside the lines (tendering/price_lists.py: offered) ------------------------------

const fold = (text) => text.normalize("NFD").replace(MARKS, "").toLowerCase().split(/\s+/).filter(Boolean).join(" ");
const plain = (text) => fold(text).replace(/[^a-z0-9ñ]+/g, " ").trim();

// A row with a number in it is no heading.
function placesOf(cells, headings) {
  if (cells.some((cell) => /^[0-9.,\s$]+$/.test(String(cell)))) return {};
  const said = cells.map((cell) => (typeof cell === "string" ? plain(cell) : ""));
  const found = {};
  for (const whole of [true, false]) {
    said.forEach((heading, place) => {
      for (const [name, words] of Object.entries(headings)) {
        const named = whole
          ? words.some((word) => word.replace(/\*$/, "") === heading)
          : words.some((word) => word.endsWith("*") && heading.startsWith(word.slice(0, -1)));
        if (heading && named && !(name in found) && !Object.values(found).includes(place)) found[name] = place;
      }
    });
  }
  return found;
}

// A number of a spreadsheet in cents, rounded half up as people do; a text as somebody types it.
export function priceIn(cell) {
  if (typeof cell !== "number") return readAmount(cell.replace(/^'(?=[=+@-])/, "").trim());
  const exact = /^([0-9]+)(?:\.([0-9]+))?$/.exec(String(cell));
  if (!exact || exact[1].length > 18) return null;
  const decimals = (exact[2] ?? "").padEnd(3, "0");
  const cents = BigInt(exact[1] + decimals.slice(0, 2)) + (decimals[2] >= "5" ? 1n : 0n);
  const text = String(cents).padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}

// The prices of a sheet by number of line, and every faulty row: {row, column, value, code}.
export function offeredIn(rows, lines, headings) {
  const at = rows.slice(0, SEARCHED).findIndex(([, cells]) => {
    const places = placesOf(cells, headings);
    return "price" in places && Object.keys(places).length > 1;
  });
  if (at < 0) return null;
  const places = placesOf(rows[at][1], headings);
  const title = (name) => String(rows[at][1][places[name]] ?? "");
  const known = new Set(lines.map((line) => line.number));
  const named = new Map();
  for (const { description, number } of lines) named.set(fold(description), [...(named.get(fold(description)) ?? []), number]);
  const prices = new Map();
  const faults = [];
  for (const [row, cells] of rows.slice(at + 1)) {
    const said = (name) => cells[places[name]] ?? "";
    const object = (name, code) => faults.push({ row, column: title(name), value: String(said(name)).trim(), code });
    if (String(said("price")).trim() === "") continue;
    const price = priceIn(said("price"));
    const written = /^([0-9]{1,6})([.,]0+)?$/.exec(String(said("number")).trim());
    const alone = named.get(fold(String(said("description")))) ?? [];
    const number = written ? Number(written[1]) : alone.length === 1 ? alone[0] : null;
    if (price === null) object("price", "price");
    else if (!known.has(number)) object("number", "line");
    else if (prices.has(number)) object("number", "twice");
    else prices.set(number, price);
  }
  return { prices, faults };
}
