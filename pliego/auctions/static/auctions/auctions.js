/* Auctions in the browser: what happens is shown as it happens, and the key of the entry signs each bid. The page works
   without this: "Look again" reloads it, and a bid is signed with the second factor. */

const POLL = 5000;
const keep = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/* ---- the key: made here, kept by the browser, never readable ---- */
const store = () => new Promise((resolve, reject) => {
  const asked = indexedDB.open("pliego-subastas", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("llaves");
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
async function inStore(mode, work) {
  const base = await store();
  return new Promise((resolve, reject) => {
    const asked = work(base.transaction("llaves", mode).objectStore("llaves"));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
async function makeKey() {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const open = keep(await crypto.subtle.exportKey("spki", pair.publicKey));
  await inStore("readwrite", (keys) => keys.put(pair.privateKey, open));
  return open;
}
export async function ownEntry(entries) {
  for (const entry of entries) {
    const key = await inStore("readonly", (keys) => keys.get(entry.key)).catch(() => undefined);
    if (key) return { session: entry.session, key };
  }
  return null;
}
export async function sign(key, lines) {
  return keep(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, new TextEncoder().encode(lines.join("\n"))));
}

/* What people type, as the server reads it: "$ 4.120.000,50" is 4120000.50. Null when only the server can tell. */
export function plain(text) {
  const typed = text.replace(/\s|\$|COP/g, "").replace(/['’]/g, ".");
  const groups = typed.match(/^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,](\d{1,2}))?$/);
  if (groups) {
    const [whole, cents = ""] = groups[2] ? [typed.slice(0, -groups[2].length - 1), groups[2]] : [typed];
    return `${whole.replace(/[.,]/g, "").replace(/^0+(?=\d)/, "")}.${cents.padEnd(2, "0")}`;
  }
  const simple = typed.match(/^(\d+)(?:[.,](\d{1,2}))?$/);
  return simple ? `${simple[1].replace(/^0+(?=\d)/, "")}.${(simple[2] || "").padEnd(2, "0")}` : null;
}

/* ---- entering: the key is made when the form goes ---- */
const field = document.querySelector("input[name=public_key]");
if (field && window.indexedDB && crypto.subtle) {
  makeKey().then((open) => { field.value = open; }).catch(() => {});
}

class Auction extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form[data-bid]");
    this.prepare().catch(() => {});
    if (this.hasAttribute("src")) this.listen();
  }

  disconnectedCallback() { this.source?.close(); clearInterval(this.poll); Object.values(this.late ?? {}).forEach(clearTimeout); }
  one(name) { return this.querySelector(`[data-${name}]`); }
  put(name, text) { const place = this.one(name); if (place && place.textContent !== text) place.textContent = text; }

  async prepare() {
    if (!this.form) return;
    this.form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault(); // what was typed stays here, instead of on a page of the browser that says only "offline"
      event.stopImmediatePropagation();
      this.isUnsent = true;
      this.put("status", this.getAttribute("text-offline"));
    });
    if (!crypto.subtle) return;
    const entry = await ownEntry(JSON.parse(document.getElementById("entradas").textContent));
    if (!entry) return;
    this.one("keyless")?.setAttribute("hidden", "");
    this.one("keyed")?.removeAttribute("hidden");
    this.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (this.sending) return;
      this.sending = true;
      const lines = this.offered();
      if (lines) {
        const { tender, lot } = this.form.dataset;
        const told = ["pliego.lance/1", tender, lot, entry.session, this.form.elements.key.value, ...lines];
        this.form.elements.session.value = entry.session;
        this.form.elements.signature.value = await sign(entry.key, told);
      }
      this.form.submit();
    });
  }

  /* The lines of what is signed: the amount, or each unit price in the order of its key. */
  offered() {
    const { amount } = this.form.elements;
    if (amount) { const told = plain(amount.value); return told && [told]; }
    const typed = [...this.form.elements].filter((each) => each.name.startsWith("prices.") && each.value.trim());
    const told = typed.map((each) => [each.name.slice("prices.".length), plain(each.value)]);
    if (told.some(([, price]) => price === null)) return null;
    return told.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, price]) => `${key}=${price}`);
  }

  listen() {
    if (!window.EventSource) { this.askAgain(); return; }
    this.source = new EventSource(this.getAttribute("src"));
    this.source.addEventListener("lance", (event) => this.bid(JSON.parse(event.data)));
    this.source.addEventListener("estado", (event) => this.state(JSON.parse(event.data)));
    this.source.onopen = () => { this.isUnsent = false; this.put("status", ""); clearInterval(this.poll); this.poll = null; };
    this.source.onerror = () => { if (!this.isUnsent) this.put("status", this.getAttribute("text-lost")); this.askAgain(); };
  }

  askAgain() { this.poll ??= setInterval(() => { this.refresh("subasta-vivo", ""); this.refreshOwn(); }, POLL); }
  refreshOwn() { if (this.one("own")) this.refresh("subasta-propio", "?parte=propio"); }

  /* What did not come is asked for again: an old position or price to reach would mislead. */
  async refresh(place, part) {
    try {
      const answer = await fetch(this.getAttribute("again") + part, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        document.getElementById(place).innerHTML = await answer.text();
        return;
      }
    } catch { /* no line */ }
    this.late ??= {};
    this.late[place] ??= setTimeout(() => { delete this.late[place]; this.refresh(place, part); }, POLL);
  }

  bid(told) {
    const rows = this.one("bids");
    if (rows.querySelector(`[data-number="${told.number}"]`)) return;
    this.one("none")?.remove();
    const heads = [...rows.closest("table").tHead.rows[0].cells]; // on a phone a row is a card, and each cell has its name
    const row = document.createElement("tr");
    row.dataset.number = told.number;
    row.setAttribute("role", "row");
    [told.number, told.instant, told.alias, told.money].forEach((text, place) => {
      const cell = document.createElement("td");
      cell.textContent = text;
      cell.dataset.label = heads[place].textContent;
      cell.setAttribute("role", "cell");
      if (place === 0 || place === 3) cell.className = "pl-num";
      row.append(cell);
    });
    rows.prepend(row);
    this.put("status", this.getAttribute("text-new").replace("@a", told.alias).replace("@s", told.money));
  }

  state(told) {
    const before = this.phase;
    this.phase = told.phase;
    this.put("best", told.best);
    this.put("count", String(told.bids));
    if (told.alias) this.put("alias", this.getAttribute("text-bidder").replace("@a", told.alias));
    this.put("reach", told.to_reach);
    if (told.ends !== this.ends || told.phase !== before) {
      this.ends = told.ends;
      this.refresh("subasta-vivo", "");
    }
    this.refreshOwn();
    if (before && told.phase !== before && ["running", "recorded"].includes(told.phase)) location.reload();
  }
}

customElements.define("pl-auction", Auction);
