// <pl-seal>: the offer is written here, sealed here and leaves only as ciphertext. Its inputs have no name, so that no
// form can send them; nothing of it is kept by the browser.
import { canonical, draftKey, finishEnvelope, hashOf, newEnvelope, newManifest } from "./format.js";
import { openDraft, proposedPhrase, sealBlob, sealDraft } from "./format.js";
import { readAmount, shown, totalOf } from "./amounts.js";
import { PlElement, refusal, sentenceOf } from "./element.js";

const SHORTEST_PHRASE = 16;
const TRIES = 6;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export class PlSeal extends PlElement {
  async connectedCallback() {
    this.envelopes = new Map();
    this.version = 0;
    this.items = [...this.querySelectorAll("[data-item]")];
    for (const [name, work] of Object.entries({
      propose: () => this.propose(),
      keep: () => this.startDraft(),
      resume: () => this.resume(),
      seal: () => this.seal(),
    })) {
      this.part(name)?.addEventListener("click", () => this.act(work));
    }
    this.addEventListener("input", (event) => this.changed(event));
    this.addEventListener("change", (event) => event.target.type === "file" && this.act(() => this.take(event.target)));
    addEventListener("beforeunload", (event) => this.dirty && event.preventDefault());
    await this.act(() => this.start());
  }

  async start() {
    const response = await fetch(this.getAttribute("process"), { credentials: "same-origin" });
    if (!response.ok) throw refusal(this.text("failed"));
    this.process = await response.json();
    const kept = await fetch(this.getAttribute("draft"), { credentials: "same-origin" });
    if (kept.ok) {
      ({ version: this.version, ciphertext: this.ciphertext } = await kept.json());
      this.show("draft-found", Boolean(this.ciphertext));
    }
    this.show("tool");
    if (this.form.elements.namedItem("manifest").value) this.present();
  }

  get form() {
    return document.getElementById(this.getAttribute("form"));
  }

  // ---- what is written -----------------------------------------------------------------------------------------

  changed(event) {
    if (!event.target.closest("[data-item]")) return;
    this.dirty = true;
    this.unseal();
    this.addUp();
    clearTimeout(this.timer);
    if (this.made) this.timer = setTimeout(() => this.act(() => this.saveDraft()), 1500);
  }

  // What was sealed no longer says what the page says.
  unseal() {
    this.form.elements.namedItem("manifest").value = "";
    document.getElementById(this.getAttribute("block")).hidden = true;
  }

  addUp() {
    const lines = this.priced().filter(([, , price]) => price);
    for (const row of this.querySelectorAll("[data-line]")) {
      const price = readAmount(row.querySelector("input").value);
      row.querySelector("[data-amount]").textContent = price ? shown(totalOf([[row.dataset.quantity, price]]), this.lang) : "";
    }
    const total = this.part("total");
    if (total) total.textContent = shown(totalOf(lines.map(([, quantity, price]) => [quantity, price])), this.lang);
  }

  get lang() {
    return document.documentElement.lang || "es";
  }

  priced(within = this) {
    return [...within.querySelectorAll("[data-line]")].map((row) => [
      row.dataset.line,
      row.dataset.quantity,
      readAmount(row.querySelector("input").value),
    ]);
  }

  valueOf(item) {
    const inputs = [...item.querySelectorAll("input, textarea, select")];
    if (inputs[0]?.type === "radio") return inputs.find((input) => input.checked)?.value ?? "";
    return inputs[0]?.value.trim() ?? "";
  }

  filesOf(item) {
    return this.envelopes.get(item.dataset.envelope)?.attachments.filter((each) => each.item === item.dataset.item) ?? [];
  }

  isMissing(item) {
    const { kind } = item.dataset;
    if (kind === "price_list") return this.priced(item).some(([, , price]) => price === null);
    if (!("required" in item.dataset)) return false;
    return kind === "file" ? !this.filesOf(item).length : !this.valueOf(item);
  }

  // Mark everything that is missing at once; the first of them gets the focus.
  check() {
    const missing = this.items.filter((item) => this.isMissing(item));
    for (const item of this.items) {
      const wrong = missing.includes(item);
      item.classList.toggle("govuk-form-group--error", wrong);
      item.querySelector("[data-error]").hidden = !wrong;
    }
    if (!missing.length) return;
    missing[0].querySelector("input, textarea, select")?.focus();
    throw refusal(this.text("missing", { count: missing.length }));
  }

  // ---- files ---------------------------------------------------------------------------------------------------

  async take(input) {
    const item = input.closest("[data-item]");
    const envelope = await this.envelope(item.dataset.envelope);
    this.unseal();
    for (const file of [...input.files]) {
      const sealed = await this.sendSealed(envelope.header.recipient, file, file.name);
      envelope.attachments.push({ item: item.dataset.item, name: file.name, sealed });
      this.list(item);
    }
    input.value = "";
    this.say(this.text("files-sent"));
    this.dirty = true;
    if (this.made) await this.saveDraft();
  }

  async envelope(code) {
    if (!this.envelopes.has(code)) {
      this.envelopes.set(code, await newEnvelope(this.process, this.getAttribute("supplier"), code));
    }
    return this.envelopes.get(code);
  }

  async sendSealed(recipient, file, name) {
    const bar = this.part("progress");
    bar.hidden = false;
    let done = 0;
    const onBytes = (count) => {
      done += count;
      bar.value = file.size ? done / file.size : 1;
    };
    this.say(this.text("sending", { name }));
    try {
      return await sealBlob(recipient, file, (sha256, part) => this.put(sha256, part), onBytes);
    } finally {
      bar.hidden = true;
    }
  }

  // Send one part, again and again while the line fails; the server says at once when it already has it.
  async put(sha256, part) {
    for (let tried = 0; ; tried += 1) {
      try {
        const headers = { "Content-Type": "application/octet-stream", "X-CSRFToken": this.token };
        const how = { method: "PUT", credentials: "same-origin", headers, body: part };
        const response = await fetch(this.getAttribute("parts") + sha256, how);
        if (response.ok) return;
        if (response.status < 500) throw refusal(await sentenceOf(response, this.text("failed")));
      } catch (fault) {
        if (fault.sentence || tried >= TRIES) throw fault;
      }
      if (tried >= TRIES) throw refusal(this.text("line"));
      this.say(this.text("retrying"));
      await pause(1000 * 2 ** tried);
    }
  }

  list(item) {
    const list = item.querySelector("[data-files]");
    list.replaceChildren(
      ...this.filesOf(item).map((each) => {
        const row = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "govuk-button govuk-button--secondary";
        button.textContent = this.text("remove", { name: each.name });
        button.addEventListener("click", () => this.remove(item, each));
        row.append(`${each.name} · ${this.text("sealed-file")} `, button);
        return row;
      }),
    );
  }

  remove(item, attachment) {
    const envelope = this.envelopes.get(item.dataset.envelope);
    envelope.attachments = envelope.attachments.filter((each) => each !== attachment);
    this.unseal();
    this.list(item);
  }

  // ---- sealing -------------------------------------------------------------------------------------------------

  async seal() {
    this.check();
    this.say(this.text("sealing"));
    const sealed = [];
    for (const code of this.process.envelopes) {
      const envelope = await this.envelope(code);
      sealed.push(await finishEnvelope(envelope, this.contents(code), (sha256, part) => this.put(sha256, part)));
    }
    await this.requireParts(sealed.flatMap((each) => each.files.flatMap((row) => row.parts)));
    const manifest = newManifest(this.process, this.getAttribute("supplier"), this.getAttribute("bundle"), sealed);
    this.form.elements.namedItem("manifest").value = canonical(manifest);
    this.dirty = false;
    this.present();
  }

  contents(code) {
    const inside = this.items.filter((item) => item.dataset.envelope === code);
    const answers = {};
    const prices = {};
    const lines = [];
    for (const item of inside) {
      if (item.dataset.kind === "price_list") {
        for (const [key, quantity, price] of this.priced(item)) {
          prices[key] = price;
          lines.push([quantity, price]);
        }
      } else if (item.dataset.kind !== "file" && item.dataset.kind !== "info") {
        answers[item.dataset.item] = this.valueOf(item);
      }
    }
    return { answers, prices, total: lines.length ? totalOf(lines) : "" };
  }

  async requireParts(parts) {
    const response = await this.post(this.getAttribute("missing"), { parts });
    if (!response.ok) throw refusal(await sentenceOf(response, this.text("failed")));
    const { missing } = await response.json();
    if (missing.length) throw refusal(this.text("parts-lost"));
  }

  present() {
    const hash = hashOf(new TextEncoder().encode(this.form.elements.namedItem("manifest").value));
    const block = document.getElementById(this.getAttribute("block"));
    block.hidden = false;
    this.say(this.text("sealed", { hash }), "success");
    block.scrollIntoView({ block: "nearest" });
  }

  // ---- drafts --------------------------------------------------------------------------------------------------

  propose() {
    const phrase = this.part("phrase");
    phrase.value = proposedPhrase();
    phrase.type = "text";
    phrase.select();
    this.say(this.text("write-it-down"));
  }

  async startDraft() {
    const phrase = this.part("phrase").value;
    if (phrase.trim().length < SHORTEST_PHRASE) throw refusal(this.text("phrase-short"));
    this.say(this.text("saving"));
    this.made = await draftKey(phrase);
    await this.saveDraft();
  }

  get bound() {
    return `${this.process.process} ${this.getAttribute("supplier")}`;
  }

  async saveDraft() {
    const written = Object.fromEntries(this.items.map((item) => [item.dataset.item, this.valueOf(item)]));
    const prices = Object.fromEntries(
      [...this.querySelectorAll("[data-line]")].map((row) => [row.dataset.line, row.querySelector("input").value]),
    );
    const value = { written, prices, envelopes: [...this.envelopes] };
    const ciphertext = await sealDraft(this.made, value, this.bound);
    const response = await this.post(this.getAttribute("draft"), { ciphertext, version: this.version });
    if (!response.ok) throw refusal(await sentenceOf(response, this.text("failed")));
    ({ version: this.version } = await response.json());
    this.dirty = false;
    const time = new Date().toLocaleTimeString(this.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.say(this.text("saved", { time, version: this.version }));
  }

  async resume() {
    this.say(this.text("resuming"));
    let opened;
    try {
      opened = await openDraft(this.part("resume-phrase").value, this.ciphertext, this.bound);
    } catch {
      throw refusal(this.text("phrase-wrong"));
    }
    this.made = opened.made;
    const { written, prices, envelopes } = opened.value;
    for (const item of this.items) this.fill(item, written[item.dataset.item] ?? "");
    for (const row of this.querySelectorAll("[data-line]")) {
      row.querySelector("input").value = prices[row.dataset.line] ?? "";
    }
    this.envelopes = new Map(envelopes);
    const lost = await this.forgetLostFiles();
    this.items.forEach((item) => item.dataset.kind === "file" && this.list(item));
    this.addUp();
    this.part("resume-phrase").value = "";
    this.show("draft-found", false);
    this.say(lost.length ? this.text("lost", { names: lost.join(", ") }) : this.text("resumed"));
  }

  fill(item, value) {
    const inputs = [...item.querySelectorAll("input, textarea, select")];
    if (item.dataset.kind === "file" || item.dataset.kind === "price_list" || !inputs.length) return;
    if (inputs[0].type === "radio") inputs.forEach((input) => (input.checked = input.value === value));
    else inputs[0].value = value;
  }

  // Files whose parts the server no longer has must be chosen again.
  async forgetLostFiles() {
    const lost = [];
    const all = [...this.envelopes.values()].flatMap((each) => each.attachments.flatMap((a) => a.sealed.row.parts));
    if (!all.length) return lost;
    const response = await this.post(this.getAttribute("missing"), { parts: all });
    const { missing } = response.ok ? await response.json() : { missing: [] };
    for (const envelope of this.envelopes.values()) {
      envelope.attachments = envelope.attachments.filter(({ name, sealed }) => {
        const here = !sealed.row.parts.some((part) => missing.includes(part));
        if (!here) lost.push(name);
        return here;
      });
    }
    return lost;
  }
}
