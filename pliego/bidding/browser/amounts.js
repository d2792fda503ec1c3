// Prices as people type them, and exact sums without floating point.

// Marks that group thousands stand every three digits, and the other mark before the cents (kernel.money).
const GROUPED = /^([0-9]{1,3})(?:([.,])[0-9]{3})(?:\2[0-9]{3})*(?:(?!\2)[.,][0-9]{1,2})?$/;
const PLAIN = /^[0-9]+(?:[.,][0-9]{1,2})?$/;

// "$ 1.234.567,50", "1234567.5", "1,234,567.50", "4'120.000" → "1234567.50"; null when it is not an amount, and no less
// strict than kernel.money.parse_amount.
export function readAmount(typed) {
  const plain = typed.replace(/[\s$]|COP/g, "");
  let raw = plain.replace(/['’]/g, ".");
  const mark = GROUPED.exec(raw)?.[2];
  if (mark) raw = raw.replaceAll(mark, "");
  else if (!PLAIN.test(plain)) return null;
  const [whole, cents = ""] = raw.replace(",", ".").split(".");
  if (whole.length > 18) return null;
  return `${BigInt(whole)}.${cents.padEnd(2, "0")}`;
}

// What was copied from a spreadsheet: a price for each row, the last cell that has something; null for a single cell.
export function pastedPrices(text) {
  const rows = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
  if (rows.length < 2) return null;
  return rows.map((row) => row.split("\t").map((cell) => cell.trim()).filter(Boolean).pop() ?? "");
}

const scaled = (text, digits) => {
  const [whole, part = ""] = text.split(".");
  return BigInt(whole + part.slice(0, digits).padEnd(digits, "0"));
};

// Sum of quantity × price, rounded half up to cents, as "123.45".
export function totalOf(lines) {
  const sum = lines.reduce((all, [quantity, price]) => all + scaled(quantity, 4) * scaled(price, 2), 0n);
  const cents = String((sum + 5000n) / 10000n).padStart(3, "0");
  return `${cents.slice(0, -2)}.${cents.slice(-2)}`;
}

export function shown(amount, language = "es") {
  const [whole, cents] = amount.split(".");
  const mark = language.startsWith("en") ? [",", "."] : [".", ","];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, mark[0]);
  return `$\u00a0${grouped}${cents === "00" ? "" : mark[1] + cents}`;
}
