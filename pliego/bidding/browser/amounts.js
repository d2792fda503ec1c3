// Prices as people type them, and exact sums without floating point.

// "$ 1.234.567,50", "1234567.5", "1,234,567.50" → "1234567.50"; null when it is not an amount (kernel.money.parse_amount).
export function readAmount(typed) {
  const raw = typed.replace(/[$\s\u00a0]|COP/g, "");
  if (!/^\d[\d.,]*$/.test(raw)) return null;
  let cut = Math.max(raw.lastIndexOf(","), raw.lastIndexOf("."));
  if (cut >= 0) {
    const repeats = raw.split(raw[cut]).length > 2;
    const onlyMark = !(raw.includes(",") && raw.includes("."));
    if (repeats || (raw.length - cut === 4 && onlyMark)) cut = -1; // the mark groups thousands
  }
  const whole = (cut < 0 ? raw : raw.slice(0, cut)).replace(/[.,]/g, "");
  const cents = cut < 0 ? "" : raw.slice(cut + 1);
  if (!/^\d{0,2}$/.test(cents) || !/^\d{1,18}$/.test(whole)) return null;
  return `${BigInt(whole)}.${cents.padEnd(2, "0")}`;
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
