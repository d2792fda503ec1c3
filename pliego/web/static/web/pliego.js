/* Pliego in the browser: small custom elements, each harmless when it cannot run. Words come in attributes. */
import { initAll } from "./vendor/govuk/govuk-frontend.min.js";

const here = import.meta.url;
const root = document.documentElement;
root.classList.add("pl-js");
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

/* ---- the server's hour: best of three round trips, measured again each minute and on waking ---- */
const hour = { offset: 0, known: false, asked: 0 };
async function measure() {
  if (Date.now() - hour.asked < 5000) return;
  hour.asked = Date.now();
  let best = Infinity;
  for (let i = 0; i < 3; i += 1) {
    try {
      const before = performance.now(), sent = Date.now();
      const { ms } = await (await fetch("/hora", { cache: "no-store" })).json();
      const trip = performance.now() - before;
      if (trip < best) { best = trip; hour.offset = ms - (sent + trip / 2); hour.known = true; }
    } catch { return; }
  }
}
export const now = () => Date.now() + hour.offset;
const tickers = new Set();
function tick() {
  if (hour.known) tickers.forEach((each) => each());
  setTimeout(tick, 1000 - (now() % 1000));
}
const wake = () => { if (document.visibilityState === "visible") measure(); };

class Clock extends HTMLElement {
  connectedCallback() {
    const form = new Intl.DateTimeFormat("es-CO", { timeZone: "America/Bogota", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    this.run = () => { this.textContent = form.format(now()); };
    tickers.add(this.run);
  }
  disconnectedCallback() { tickers.delete(this.run); }
}

class Countdown extends HTMLElement {
  connectedCallback() {
    this.due = Date.parse(this.getAttribute("at"));
    if (Number.isNaN(this.due)) return;
    this.status = document.createElement("span");
    this.status.className = "govuk-visually-hidden";
    this.status.setAttribute("role", "status");
    this.after(this.status);
    this.run = () => this.show();
    tickers.add(this.run);
  }
  disconnectedCallback() { tickers.delete(this.run); this.status?.remove(); }
  word(name) { return this.getAttribute(`text-${name}`) || ""; }
  show() {
    const left = Math.ceil((this.due - now()) / 1000);
    if (left <= 0) {
      this.textContent = this.word("over");
      if (left > -3) this.status.textContent = this.word("over");
      tickers.delete(this.run);
      return;
    }
    const days = Math.floor(left / 86400), two = (n) => String(n).padStart(2, "0");
    const rest = `${two(Math.floor(left / 3600) % 24)}:${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    const text = days ? `${days} ${this.word(days === 1 ? "day" : "days")} ${rest}` : rest;
    this.textContent = this.word("left").replace("%s", text);
    if ([3600, 600, 60].includes(left)) this.status.textContent = this.textContent;
  }
}

/* ---- files: sent while people go on typing, resumed where they stopped ---- */
let tusLoaded;
function tusLibrary() {
  tusLoaded ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("vendor/tus/tus.min.js", here).href;
    script.onload = () => resolve(window.tus);
    script.onerror = reject;
    document.head.append(script);
  });
  return tusLoaded;
}
let typesAsked;
const types = () => (typesAsked ??= fetch("/documentos/tipos.json").then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));
async function fault(file, purpose) {
  const known = await types();
  if (!known) return "";
  if (file.size > known.max_bytes) return "large";
  const codes = known.kinds[purpose]?.types || Object.keys(known.types);
  const ending = file.name.toLowerCase().split(".").pop();
  const type = codes.map((code) => known.types[code]).find((each) => each?.extensions.includes(ending));
  if (!type) return "wrong";
  const head = [...new Uint8Array(await file.slice(0, 32).arrayBuffer())].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return !type.magic.length || type.magic.some((magic) => head.startsWith(magic)) ? "" : "unlike";
}

class Upload extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    if (!this.input) return;
    this.kept = this.querySelector("input[type=hidden]") || document.createElement("input");
    this.kept.type = "hidden";
    this.kept.name = this.getAttribute("name");
    this.kept.value = this.getAttribute("value") || "";
    this.line = this.querySelector(".pl-upload__line") || document.createElement("div");
    this.line.className = "pl-upload__line";
    this.line.setAttribute("role", "status");
    this.append(this.kept, this.line);
    if (this.kept.value && !this.line.textContent.trim()) this.say("kept");
    this.input.addEventListener("change", () => this.input.files[0] && this.send(this.input.files[0]));
  }
  word(name) { return this.getAttribute(`text-${name}`) || ""; }
  say(name, more = "") { this.line.textContent = `${this.word(name)} ${more}`.trim(); }
  async send(file) {
    this.kept.value = "";
    this.running?.abort();
    const why = await fault(file, this.getAttribute("purpose"));
    if (why) { this.input.value = ""; this.say(why); return; }
    const tus = await tusLibrary().catch(() => null);
    if (!tus) return;                                   // the form itself carries the file
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    const text = document.createElement("span");
    bar.setAttribute("aria-label", this.word("sending"));
    this.line.replaceChildren(bar, text);
    this.setAttribute("busy", "");
    const upload = new tus.Upload(file, {
      endpoint: this.getAttribute("endpoint"),
      chunkSize: 8 * 2 ** 20,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type, purpose: this.getAttribute("purpose") || "" },
      onAfterResponse: (_request, response) => { this.sha256 = response.getHeader("Upload-Sha256") || this.sha256; },
      onShouldRetry: (fault) => {
        const status = fault.originalResponse?.getStatus() || 0;
        if (!status) text.textContent = this.word("resume");
        return !status || status >= 500 || status === 409 || status === 423;
      },
      onProgress: (sent, all) => {
        bar.value = all ? Math.floor((sent / all) * 100) : 100;
        text.textContent = `${this.word("sending")} ${file.name}: ${bar.value} %`;
      },
      onError: (fault) => this.failed(fault),
      onSuccess: () => this.done(upload),
    });
    this.running = upload;
    (await upload.findPreviousUploads()).slice(0, 1).forEach((old) => upload.resumeFromPreviousUpload(old));
    upload.start();
  }
  failed(fault) {
    this.removeAttribute("busy");
    const body = fault.originalResponse?.getBody() || "";
    let why = "";
    try { why = JSON.parse(body).errors.map((each) => each.sentence).join(" "); } catch { /* not ours */ }
    if (why) { this.input.value = ""; this.line.textContent = why; } else this.say("failed");
  }
  done(upload) {
    this.removeAttribute("busy");
    this.kept.value = upload.url.replace(/\/$/, "").split("/").pop();
    this.input.removeAttribute("name");
    this.say("done", this.sha256);
    this.dispatchEvent(new CustomEvent("pl-uploaded", { bubbles: true, detail: { id: this.kept.value } }));
  }
}

/* ---- fields that matter for one answer only: `<pl-when field="kind" value="choice">` shows them when it, or
   another of several answers, is given ---- */
class When extends HTMLElement {
  connectedCallback() {
    const form = this.closest("form"), name = this.getAttribute("field");
    this.run = () => {
      // what nobody may change is not sent, and is an answer all the same
      const fixed = [...form.querySelectorAll(`[name="${name}"]:disabled`)].filter((one) => one.checked || !/radio|checkbox/.test(one.type));
      const given = [...new FormData(form).getAll(name), ...fixed.map((one) => one.value)];
      this.hidden = !this.getAttribute("value").split(" ").some((one) => given.includes(one)) && !this.querySelector(".govuk-form-group--error");
    };
    form.addEventListener("change", this.run);
    this.run();
  }
}

/* ---- sessions that are about to end ---- */
class Idle extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    const wait = (Number(this.getAttribute("after")) - Number(this.getAttribute("warn"))) * 1000;
    if (!this.dialog || !(wait > 0)) return;
    const arm = () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.dialog.showModal(), Math.min(wait, 2 ** 31 - 1)); };
    this.querySelector("button").addEventListener("click", async () => {
      await fetch(location.href, { method: "HEAD" }).catch(() => {});
      this.dialog.close();
      arm();
    });
    document.addEventListener("htmx:afterRequest", arm);
    arm();
  }
}

/* ---- forms ---- */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.querySelector("pl-upload[busy]")) { event.preventDefault(); form.querySelector("pl-upload[busy]").scrollIntoView({ block: "center" }); return; }
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 8000);
});
document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.dataset?.sent) event.preventDefault(); });
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
document.addEventListener("htmx:afterSwap", (event) => {
  initAll({ scope: event.target });
  label(event.target);
  const summary = event.target.querySelector?.(".govuk-error-summary");
  if (summary) summary.focus();
});
/* what somebody is typing is not replaced under their hands by the answer to another field */
document.addEventListener("input", (event) => { event.target.dataset.typing = ""; });
document.addEventListener("change", (event) => { delete event.target.dataset.typing; });
document.addEventListener("htmx:oobBeforeSwap", (event) => { if (event.detail.target.querySelector("[data-typing]")) event.detail.shouldSwap = false; });
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.pl-who[open]").forEach((box) => { if (!box.contains(event.target)) box.open = false; });
});
document.addEventListener("keydown", (event) => {
  const box = event.key === "Escape" && document.querySelector("details.pl-who[open]");
  if (box) { box.open = false; box.querySelector("summary").focus(); }
});

/* ---- on a telephone each row of a table is a card: every cell carries its heading, and the roles that CSS takes away ---- */
const ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tfoot: "rowgroup", tr: "row", td: "cell" };
function label(scope) {
  for (const table of scope.querySelectorAll(".pl-tablewrap > table.pl-table:not(.pl-table--cards)")) {
    const heads = [...table.querySelectorAll("thead tr:only-child > *")].map((head) => head.textContent.trim());
    if (!heads.length || table.querySelector("[colspan]:not([scope=rowgroup])")) continue;
    table.classList.add("pl-table--cards");
    for (const [tag, role] of Object.entries(ROLES)) [table, ...table.querySelectorAll(tag)].forEach((part) => part.matches(tag) && part.setAttribute("role", role));
    table.querySelectorAll("th").forEach((head) => head.setAttribute("role", head.closest("thead") ? "columnheader" : "rowheader"));
    table.querySelectorAll("tbody tr").forEach((row) => [...row.cells].forEach((cell, i) => { cell.dataset.label = heads[i] ?? ""; }));
  }
}

const narrow = matchMedia("(max-width: 768px)");
const fold = () => document.querySelectorAll("details.pl-deskmenu").forEach((menu) => { menu.open = !narrow.matches; });
if (narrow.matches) fold();
narrow.addEventListener("change", fold);
customElements.define("pl-clock", Clock);
customElements.define("pl-countdown", Countdown);
customElements.define("pl-upload", Upload);
customElements.define("pl-idle", Idle);
customElements.define("pl-when", When);
initAll();
label(document);
if (document.querySelector("pl-clock, pl-countdown")) {
  measure().then(tick);
  setInterval(measure, 60000);
  document.addEventListener("visibilitychange", wake);
}
