// The kinds of question as the browser answers them: what was typed, in one text, and what is kept of it. The same table
// as pliego/tendering/kinds.py, which reads the same texts to the same answers (a test compares them).
import { readAmount } from "./amounts.js";

const LONGEST = 20_000;
const SPANISH = /^[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]{1,6})?$/; // 1.234.567,5
const ENGLISH = /^[1-9][0-9]{0,2}((,[0-9]{3})+\.[0-9]{1,6}|(,[0-9]{3}){2,})$/; // 1,234.5
const PLAIN = /^[0-9]{1,18}([.,][0-9]{1,6})?$/;

// `code` names the sentence (text-bad-… of the page); a cell says its row and column too.
export class Unreadable extends Error {
  constructor(code, faults = []) {
    super(code);
    Object.assign(this, { code, faults });
  }
}

export function readNumber(typed) {
  const bare = typed.replace(/[\s'’]/g, "");
  const sign = bare.startsWith("-") ? "-" : "";
  let text = sign ? bare.slice(1) : bare;
  if (SPANISH.test(text)) text = text.replaceAll(".", "").replace(",", ".");
  else if (ENGLISH.test(text)) text = text.replaceAll(",", "");
  else if (!PLAIN.test(text)) throw new Unreadable("number");
  const [digits, decimals = ""] = text.replace(",", ".").split(".");
  const [whole, part] = [digits.replace(/^0+/, "") || "0", decimals.replace(/0+$/, "")];
  const number = part ? `${whole}.${part}` : whole;
  return number === "0" ? number : sign + number;
}

function words(text) {
  if ([...text].length > LONGEST) throw new Unreadable("text");
  return text;
}

function money(text) {
  const amount = readAmount(text);
  if (amount === null) throw new Unreadable("money");
  return amount;
}

function day(text) {
  const [year, month, date] = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$/.test(text) ? text.split("-").map(Number) : [];
  const found = new Date(Date.UTC(year, month - 1, date));
  if (!(year > 99) || found.getUTCMonth() !== month - 1 || found.getUTCDate() !== date) throw new Unreadable("date");
  return found.toISOString().slice(0, 10);
}

function among(allowed) {
  return (text, question) => {
    if (!allowed(question).includes(text)) throw new Unreadable("choice");
    return text;
  };
}

function listed(text) {
  try {
    const found = JSON.parse(text);
    if (Array.isArray(found)) return found;
  } catch {
    // said below
  }
  throw new Unreadable("choice");
}

const oneOf = among(({ options }) => options);

function choices(text, question) {
  const chosen = listed(text);
  chosen.forEach((option) => oneOf(option, question));
  const kept = question.options.filter((option) => chosen.includes(option));
  return kept.length ? JSON.stringify(kept) : "";
}

// A row that is begun is whole; in a required table with named rows, every row is.
function table(text, question) {
  const { columns, row_titles: titles, required } = question;
  const rows = listed(text).map((row) => row.map((cell) => String(cell).trim()));
  while (rows.length < titles.length) rows.push(columns.map(() => ""));
  const found = [];
  const faults = [];
  rows.forEach((cells, at) => {
    if (!cells.some(Boolean) && !(titles.length && required)) {
      if (titles.length) found.push(cells);
      return;
    }
    found.push(
      columns.map(({ title, kind }, place) => {
        try {
          if (!cells[place]) throw new Unreadable("empty");
          return READERS[kind](cells[place], question);
        } catch ({ code }) {
          faults.push({ row: titles[at] ?? String(at + 1), column: title, code, at, place });
          return "";
        }
      }),
    );
  });
  if (faults.length) throw new Unreadable("table", faults);
  return found.some((cells) => cells.some(Boolean)) ? JSON.stringify(found) : "";
}

const READERS = {
  text: words,
  number: readNumber,
  money,
  date: day,
  yes_no: among(() => ["yes", "no"]),
  choice: oneOf,
  choices,
  table,
};

// The kinds whose answer goes with the answers; the others are files, prices, or nothing.
export const isAnswer = (kind) => kind in READERS;

export function readAnswer(question, typed) {
  const text = typed.trim();
  return text ? READERS[question.kind](text, question) : "";
}

// ---- the inputs of a question ----------------------------------------------------------------------------------------

const inputsOf = (item) => [...(item.querySelector("[data-answer]")?.querySelectorAll("input, textarea, select") ?? [])];
const rowsOf = (item) => [...item.querySelectorAll("[data-rows] > tr")];
const cellsOf = (row) => [...row.querySelectorAll("input, select")];

// What is typed now, as one text.
export function typedIn(item) {
  if (item.querySelector("[data-rows]")) {
    const rows = rowsOf(item).map((row) => cellsOf(row).map((cell) => cell.value.trim()));
    return rows.some((cells) => cells.some(Boolean)) ? JSON.stringify(rows) : "";
  }
  const inputs = inputsOf(item);
  const checked = inputs.filter((input) => input.checked).map((input) => input.value);
  if (inputs[0]?.type === "checkbox") return checked.length ? JSON.stringify(checked) : "";
  if (inputs[0]?.type === "radio") return checked[0] ?? "";
  return inputs[0]?.value.trim() ?? "";
}

// Put what was typed before back into its inputs.
export function fillIn(item, typed) {
  const body = item.querySelector("[data-rows]");
  const inputs = inputsOf(item);
  if (body) {
    const rows = typed ? JSON.parse(typed) : [];
    while (item.querySelector("template") && rowsOf(item).length < rows.length) addRow(item);
    rowsOf(item).forEach((row, at) => cellsOf(row).forEach((cell, place) => (cell.value = rows[at]?.[place] ?? "")));
  } else if (inputs[0]?.type === "checkbox") {
    const chosen = typed ? JSON.parse(typed) : [];
    for (const input of inputs) input.checked = chosen.includes(input.value);
  } else if (inputs[0]?.type === "radio") {
    for (const input of inputs) input.checked = input.value === typed;
  } else if (inputs[0]) inputs[0].value = typed;
}

// One more row at the end of a table whose rows have no names.
export function addRow(item) {
  const body = item.querySelector("[data-rows]");
  const number = String(rowsOf(item).length + 1);
  const row = item.querySelector("template").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-row-number]").textContent = number;
  for (const cell of cellsOf(row)) cell.setAttribute("aria-label", `${number}: ${cell.getAttribute("aria-label")}`);
  body.append(row);
  return row;
}

// Mark the cells that are wrong, and only those.
export function markCells(item, faults) {
  rowsOf(item).forEach((row, at) =>
    cellsOf(row).forEach((cell, place) => {
      const isWrong = faults.some((fault) => fault.at === at && fault.place === place);
      cell.classList.toggle("govuk-input--error", isWrong);
      cell.toggleAttribute("aria-invalid", isWrong);
    }),
  );
}
