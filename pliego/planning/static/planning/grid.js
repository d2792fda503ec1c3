/* Shows the rows pasted in a box as a table whose cells can be mended; what is typed goes back into the box. */
const MOST = 100;

class Grid extends HTMLElement {
  connectedCallback() {
    this.box = document.getElementById(this.getAttribute("source"));
    if (!this.box || this.table) return;
    this.table = document.createElement("div");
    this.box.before(this.table);
    this.box.addEventListener("input", () => this.draw());
    this.table.addEventListener("input", (event) => this.write(event.target));
    this.table.addEventListener("paste", (event) => this.paste(event));
    this.draw();
  }
  get rows() {
    return this.box.value.replace(/\r?\n$/, "").split(/\r?\n/).map((row) => row.split("\t"));
  }
  keep(rows) {
    this.box.value = rows.map((row) => row.join("\t")).join("\n");
    this.box.dispatchEvent(new Event("change", { bubbles: true }));
  }
  write(cell) {
    const rows = this.rows;
    const { row, column } = cell.dataset;
    while (rows[row].length <= column) rows[row].push("");
    rows[row][column] = cell.value.replace(/[\t\n\r]/g, " ");
    this.keep(rows);
  }
  paste(event) {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const rows = this.rows;
    const at = { row: Number(event.target.dataset.row), column: Number(event.target.dataset.column) };
    text.split(/\r?\n/).forEach((line, down) => {
      const row = (rows[at.row + down] ??= []);
      line.split("\t").forEach((cell, right) => { row[at.column + right] = cell; });
      for (let n = 0; n < row.length; n += 1) row[n] ??= "";
    });
    this.keep(rows);
    this.draw();
  }
  draw() {
    const rows = this.rows;
    if (!this.box.value.includes("\t")) return this.table.replaceChildren();
    const wide = Math.max(...rows.slice(0, MOST).map((row) => row.length));
    const table = document.createElement("table");
    table.className = "pl-table pl-grid";
    table.createCaption().textContent = this.getAttribute("text-caption");
    table.caption.className = "pl-table__caption";
    const body = table.createTBody();
    rows.slice(0, MOST).forEach((cells, row) => {
      const line = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = row + 1;
      line.append(head);
      for (let column = 0; column < wide; column += 1) line.insertCell().append(this.cell(cells[column], row, column));
    });
    const wrap = document.createElement("div");
    Object.assign(wrap, { className: "pl-tablewrap", tabIndex: 0, ariaLabel: table.caption.textContent });
    wrap.setAttribute("role", "region");
    wrap.append(table);
    this.table.replaceChildren(wrap, ...this.more(rows.length - MOST));
  }
  cell(text = "", row, column) {
    const input = document.createElement("input");
    input.value = text;
    input.ariaLabel = `${this.getAttribute("text-row")} ${row + 1}, ${column + 1}`;
    Object.assign(input.dataset, { row, column });
    return input;
  }
  more(count) {
    if (count <= 0) return [];
    const told = document.createElement("p");
    told.textContent = this.getAttribute("text-more").replace("{count}", count);
    return [told];
  }
}
customElements.define("pl-grid", Grid);
