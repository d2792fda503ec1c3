// A price list of the offer: its prices are kept here, a page of its lines is shown at a time, and a spreadsheet can
// bring them. The headings by which a column is known come from the page (tendering/price_lists.py: OFFERED).
import { pastedPrices, readAmount, shown, totalOf } from "./amounts.js";
import { download } from "./element.js";
import { NotASheet, offeredIn, rowsOf } from "./sheets.js";

const LINES = 50; // of a page

export class PriceList {
  constructor(page, item, lines) {
    Object.assign(this, { page, item, lines, at: 0, typed: new Map() });
    this.body = item.querySelector("[data-lines]");
    this.numbers = new Intl.NumberFormat(page.lang, { maximumFractionDigits: 4 });
    this.part = (name) => item.querySelector(`[data-${name}]`);
    this.part("sheet").addEventListener("change", (event) => this.take(event.target));
    this.part("put").addEventListener("click", () => this.put());
    this.part("leave").addEventListener("click", () => this.leave());
    this.part("report").addEventListener("click", () => this.report());
    item.addEventListener("input", (event) => this.changed(event));
    item.addEventListener("paste", (event) => this.paste(event));
    for (const way of ["before", "after"]) {
      this.part(way).addEventListener("click", () => this.show(this.at + (way === "after" ? LINES : -LINES)));
    }
    this.show(0);
  }

  // [key, quantity, price or null] of every line.
  get priced() {
    return this.lines.map(({ key, quantity }) => [key, quantity, readAmount(this.typed.get(key) ?? "")]);
  }

  // The first line whose price is missing or is none; a variant leaves empty the prices that it does not change.
  get faultAt() {
    const isLeft = (key) => "variant" in this.item.dataset && !(this.typed.get(key) ?? "").trim();
    return this.priced.findIndex(([key, , price]) => price === null && !isLeft(key));
  }

  fill(prices) {
    this.typed = new Map(this.lines.map(({ key }) => [key, prices[key] ?? ""]));
    this.show(this.at);
  }

  // ---- the page of lines ---------------------------------------------------------------------------------------------

  show(at) {
    this.at = Math.max(0, Math.min(at, this.lines.length - 1));
    this.at -= this.at % LINES;
    this.body.replaceChildren(...this.lines.slice(this.at, this.at + LINES).map((line) => this.row(line)));
    const last = Math.min(this.at + LINES, this.lines.length);
    this.part("pages").hidden = this.lines.length <= LINES;
    this.part("where").textContent = this.page.text("lines", { from: this.at + 1, to: last, count: this.lines.length });
    this.part("before").disabled = this.at === 0;
    this.part("after").disabled = last === this.lines.length;
    this.amounts();
  }

  row(line) {
    const row = this.part("line-template").content.firstElementChild.cloneNode(true);
    Object.assign(row.dataset, { line: line.key, quantity: line.quantity });
    const [number, description, quantity, cell] = row.children;
    number.textContent = line.number;
    description.textContent = line.description;
    description.id = `line-${this.item.dataset.item}-${line.key}`;
    quantity.textContent = `${this.numbers.format(line.quantity)} ${line.unit}`;
    const input = cell.firstElementChild;
    input.setAttribute("aria-labelledby", description.id);
    input.value = this.typed.get(line.key) ?? "";
    return row;
  }

  amounts() {
    for (const row of this.body.children) {
      const price = readAmount(row.querySelector("input").value);
      const amount = price ? shown(totalOf([[row.dataset.quantity, price]]), this.page.lang) : "";
      row.querySelector("[data-amount]").textContent = amount;
    }
  }

  changed(event) {
    const row = event.target.closest("[data-line]");
    if (!row) return;
    this.typed.set(row.dataset.line, event.target.value);
    this.amounts();
  }

  // A column copied from a spreadsheet fills the lines from here on, also those of the next pages.
  paste(event) {
    const row = event.target.closest("[data-line]");
    const prices = row && pastedPrices(event.clipboardData.getData("text/plain"));
    if (!prices) return;
    event.preventDefault();
    const rest = this.lines.slice(this.lines.findIndex(({ key }) => key === row.dataset.line));
    rest.slice(0, prices.length).forEach(({ key }, at) => this.typed.set(key, prices[at]));
    this.show(this.at);
    this.page.changed({ target: this.item });
    const told = { count: Math.min(prices.length, rest.length), left: Math.max(0, prices.length - rest.length) };
    this.page.say(this.page.text(told.left ? "pasted-too-many" : "pasted", told), told.left ? "error" : "");
  }

  // Show it, and focus it.
  goToFault() {
    const at = this.faultAt;
    if (at < 0) return;
    this.show(at);
    this.body.children[at - this.at].querySelector("input").focus();
  }

  // ---- a spreadsheet -------------------------------------------------------------------------------------------------

  async take(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      const found = offeredIn(await rowsOf(file), this.lines, JSON.parse(this.page.getAttribute("headings")));
      if (found) this.tell(found);
      else this.refuse("sheet-columns");
    } catch (fault) {
      if (!(fault instanceof NotASheet)) throw fault;
      this.refuse("sheet-bad");
    }
  }

  refuse(why) {
    this.leave();
    this.page.say(this.page.text(why), "error");
  }

  tell({ prices, faults }) {
    this.found = { prices, faults };
    const changes = this.lines.filter(
      ({ key, number }) => prices.has(number) && prices.get(number) !== readAmount(this.typed.get(key) ?? ""),
    );
    const without = this.lines.filter(({ key, number }) => !prices.has(number) && !this.typed.get(key)).length;
    const told = { count: prices.size, changes: changes.length, without, faults: faults.length };
    this.part("preview").hidden = false;
    this.part("preview-said").textContent = this.page.text("sheet-found", told);
    this.part("put").hidden = !changes.length;
    this.part("report").hidden = !faults.length;
    this.part("faults").replaceChildren(
      ...faults.slice(0, LINES).map((fault) => {
        const line = document.createElement("li");
        line.textContent = this.sentence(fault);
        return line;
      }),
    );
    this.part("preview").focus();
  }

  sentence({ row, column, value, code }) {
    return this.page.text("sheet-fault", { row, column, value, why: this.page.text(`sheet-${code}`) });
  }

  put() {
    for (const { key, number } of this.lines) {
      const price = this.found.prices.get(number);
      if (price !== undefined) this.typed.set(key, price.replace(".", ","));
    }
    const count = this.found.prices.size;
    this.leave();
    this.show(0);
    this.page.changed({ target: this.item });
    this.page.say(this.page.text("sheet-put", { count }), "success");
  }

  leave() {
    this.found = null;
    this.part("preview").hidden = true;
    this.part("faults").replaceChildren();
  }

  // Every faulty row, for whoever mends the spreadsheet.
  report() {
    const quoted = (text) => `"${String(text).replace(/^[=+@-]/, "'$&").replaceAll('"', '""')}"`;
    const heading = this.page.text("sheet-report").split("|");
    const rows = this.found.faults.map(({ row, column, value, code }) => [row, column, value, this.page.text(`sheet-${code}`)]);
    const text = [heading, ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
    download(`errores-${this.item.dataset.item}.csv`, `\ufeff${text}\r\n`);
  }
}
