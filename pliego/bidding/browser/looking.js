// A look at a file before it is encrypted, with the list and the sentences that the platform publishes: the same rules
// as pliego/documents, as far as a browser can look without opening everything. The rest is looked at in the opening.
const HEAD = 4096;
const TAIL = 66_000; // the end record of a ZIP is at most 22 + 65,535 bytes before the end
const STEP = 4 * 2 ** 20;
const OVERLAP = 64;
const MOST_ENTRIES = 10_000;
const MOST_EXPANDED = 2 * 2 ** 30;
const LARGEST_DIRECTORY = 32 * 2 ** 20;
const MARKUP = /^\s*<(!doctype\s+html|html|head|body|script|iframe|svg|img|math|object|embed|x:xmpmeta\b)/i;
const PDF_CODE = /\/(JavaScript|JS|XFA)(?=[\s/()<[\]>])/;
const PDF_LAUNCH = /\/(Launch|RichMedia)(?=[\s/()<[\]>])/;
const PDF_LOCKED = /\/Encrypt\s*(\d+\s+\d+\s+R|<<)/;
const MACROS = /(vbaproject\.bin|vbadata\.xml)$|\/activex\/|\/macrosheets\/|^(basic|scripts)\//i;
const ODF = { text: "odt", spreadsheet: "ods", presentation: "odp" };
const OFFICE = [["word/", "docx"], ["xl/", "xlsx"], ["ppt/", "pptx"]];

const latin = (buffer) => new TextDecoder("latin1").decode(buffer);
const part = async (file, from, to) => new Uint8Array(await file.slice(Math.max(0, from), to).arrayBuffer());
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const megabytes = (size) => String(Math.round(size / 2 ** 20 * 10) / 10).replace(".", ",");

// The sentence that stands against the file, or "" when nothing does.
export async function objectionTo(file, known, kind) {
  const found = await faultOf(file, known, known.kinds[kind].types);
  if (!found) return "";
  const words = { name: file.name, ...found.words };
  return Object.entries(words).reduce((text, [word, value]) => text.replaceAll(`{${word}}`, value), known.sentences[found.key]);
}

export async function faultOf(file, known, accepted) {
  const fault = (key, words = {}) => ({ key, words });
  if (!file.size) return fault("empty_file");
  if (file.size > known.max_bytes) {
    return fault("file_too_large", { size: megabytes(file.size), limit: megabytes(known.max_bytes) });
  }
  const head = await part(file, 0, HEAD);
  const start = hexOf(head.subarray(0, 32));
  for (const [key, magics] of Object.entries(known.never)) {
    if (magics.some((magic) => start.startsWith(magic))) return fault(key);
  }
  const ending = file.name.includes(".") ? file.name.toLowerCase().split(".").pop() : "";
  const folder = start.startsWith("504b0304") || start.startsWith("504b0506") ? await directoryOf(file) : null;
  if (folder?.isLarge) return null; // a ZIP64 directory: looked at in the opening
  if (folder?.fault) return fault(folder.fault);
  const code = folder ? folderType(folder, head, ending) : typeOf(known, start, head, ending);
  if (code === "markup") return fault("markup");
  if (!accepted.includes(code)) {
    return fault("wrong_type", { allowed: accepted.map((each) => known.types[each].extensions[0]).join(", ") });
  }
  const { extensions } = known.types[code];
  if (!extensions.includes(ending)) return fault("wrong_name", { extension: ending, real: extensions[0] });
  const inside = folder ? insideFolder(folder, code) : await insideOther(file, code);
  return inside ? fault(inside) : null;
}

function typeOf(known, start, head, ending) {
  for (const code of ["pdf", "png", "jpg", "dwg", "age"]) {
    if (known.types[code]?.magic.some((magic) => start.startsWith(magic))) return code;
  }
  const text = latin(head).replace(/^\u00ef\u00bb\u00bf/, "");
  if (text.trimStart().startsWith("<?xml")) return "xml";
  if (MARKUP.test(text)) return "markup";
  const isWide = start.startsWith("fffe") || start.startsWith("feff");
  if (!isWide && head.some((byte) => byte < 32 && ![9, 10, 12, 13].includes(byte))) return "unknown";
  return ["csv", "xml"].includes(ending) ? ending : "txt";
}

async function insideOther(file, code) {
  const tail = latin(await part(file, file.size - TAIL, file.size));
  const end = tail.lastIndexOf("PK\u0005\u0006");
  if (end >= 0 && tail.slice(0, end).includes("PK\u0001\u0002")) return "two_files_in_one";
  if (code !== "pdf") return "";
  if (!tail.slice(-2048).includes("%%EOF")) return "pdf_truncated";
  for (let at = 0; at < file.size; at += STEP) {
    const text = latin(await part(file, at - OVERLAP, at + STEP));
    if (PDF_LOCKED.test(text)) return "pdf_has_password";
    if (PDF_CODE.test(text)) return "pdf_code";
    if (PDF_LAUNCH.test(text)) return "pdf_launch";
  }
  return "";
}

// ---- ZIP folders, and the Office files that are ZIP folders too ------------------------------------------------------

async function directoryOf(file) {
  const tail = await part(file, file.size - TAIL, file.size);
  const end = latin(tail).lastIndexOf("PK\u0005\u0006");
  if (end < 0 || tail.length - end < 22) return { fault: "damaged_zip" };
  const record = new DataView(tail.buffer, tail.byteOffset + end);
  const count = record.getUint16(10, true);
  const size = record.getUint32(12, true);
  if (size === 0xffffffff || count === 0xffff) return { isLarge: true };
  if (size > LARGEST_DIRECTORY) return { fault: "too_many_files" };
  const at = file.size - tail.length + end - size; // what the record says of its place may leave a prefix out
  if (at < 0) return { fault: "damaged_zip" };
  const entries = readEntries(await part(file, at, at + size));
  if (!entries || entries.length !== count) return { fault: "damaged_zip" };
  return { entries, hasPrefix: at !== record.getUint32(16, true) };
}

function readEntries(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries = [];
  for (let at = 0; at + 46 <= bytes.length; ) {
    if (view.getUint32(at, true) !== 0x02014b50) return null;
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    entries.push({
      name: latin(bytes.subarray(at + 46, at + 46 + nameLength)), // in bytes: two names that differ stay different
      isLocked: Boolean(view.getUint16(at + 8, true) & 1),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      isLink: (view.getUint32(at + 38, true) >>> 28) === 10,
    });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

function folderType({ entries }, head, ending) {
  const names = entries.map((entry) => entry.name);
  if (names.includes("[Content_Types].xml")) {
    return OFFICE.find(([start]) => names.some((name) => name.startsWith(start)))?.[1] ?? "zip";
  }
  if (!names.includes("mimetype")) return "zip";
  const kind = /^.{30}mimetypeapplication\/vnd\.oasis\.opendocument\.(\w+)/s.exec(latin(head.subarray(0, 200)))?.[1];
  if (kind) return ODF[kind] ?? "zip";
  return Object.values(ODF).includes(ending) ? ending : "zip"; // its type is compressed: the opening reads it
}

function insideFolder({ entries, hasPrefix }, code) {
  if (entries.length > MOST_ENTRIES) return "too_many_files";
  if (hasPrefix) return "zip_has_a_prefix";
  if (new Set(entries.map((entry) => entry.name)).size < entries.length) return "repeated_names";
  if (entries.some((entry) => entry.isLocked)) return "has_password";
  if (entries.some(({ name }) => /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(name))) return "escapes_folder";
  if (entries.some((entry) => entry.isLink)) return "symbolic_link";
  if (entries.some(({ size, packed }) => size > 10 * 2 ** 20 && size > 200 * Math.max(1, packed))) return "zip_bomb";
  if (entries.reduce((sum, entry) => sum + entry.size, 0) > MOST_EXPANDED) return "expands_too_much";
  return code !== "zip" && entries.some((entry) => MACROS.test(entry.name)) ? "macros" : "";
}
