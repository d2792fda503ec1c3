// <pl-seal>: the offer is written here, sealed here and leaves only as ciphertext. Its inputs have no name, so that no
// form can send them; nothing of it is kept by the browser.
import { canonical, draftKey, finishEnvelope, hashOf, newEnvelope, newManifest } from "./format.js";
import { openDraft, proposedPhrase, sealDraft } from "./format.js";
import { pastedPrices, readAmount, shown, totalOf } from "./amounts.js";
import { PlElement, refusal, sentenceOf } from "./element.js";
import { Files } from "./files.js";
import { PartOnItsWay } from "./line.js";

const SHORTEST_PHRASE = 16;
const SAVED_AFTER = 1500;

export class PlSeal extends PlElement {
  async connectedCallback() {
    this.envelopes = new Map(); // promises of each, so that two files that come at once share one
    this.files = new Files(this);
    this.version = this.revision = 0;
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
    this.addEventListener("paste", (event) => this.paste(event));
    this.addEventListener("change", (event) => event.target.type === "file" && this.take(event.target));
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
    this.say("");
    this.show("tool");
    this.files.known().then((known) => this.accept(known.kinds.bid_document.accept), () => {});
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
    this.saveSoon(SAVED_AFTER);
  }

  // A column copied from a spreadsheet fills the lines from here on.
  paste(event) {
    const row = event.target.closest("[data-line]");
    const prices = row && pastedPrices(event.clipboardData.getData("text/plain"));
    if (!prices) return;
    event.preventDefault();
    const inputs = [...row.closest("[data-item]").querySelectorAll("[data-line] input")];
    const rest = inputs.slice(inputs.indexOf(event.target));
    rest.slice(0, prices.length).forEach((input, at) => (input.value = prices[at]));
    this.changed(event);
    const told = { count: Math.min(prices.length, rest.length), left: Math.max(0, prices.length - rest.length) };
    this.say(this.text(told.left ? "pasted-too-many" : "pasted", told), told.left ? "error" : "");
  }

  // Chosen files go into their queue whatever else is being done.
  take(input) {
    const chosen = [...input.files];
    input.value = "";
    this.files.add(input.closest("[data-item]"), chosen);
  }

  accept(types) {
    for (const input of this.querySelectorAll("input[type=file]")) input.accept = types;
  }

  // Save the draft, once there is one, a moment after the last change; later when something else is being done.
  saveSoon(after) {
    clearTimeout(this.timer);
    if (!this.made) return;
    this.timer = setTimeout(() => (this.busy ? this.saveSoon(SAVED_AFTER) : this.act(() => this.saveDraft())), after);
  }

  // What was sealed no longer says what the page says.
  unseal() {
    this.revision += 1;
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

  isMissing(item) {
    const { kind } = item.dataset;
    if (kind === "price_list") return this.priced(item).some(([, , price]) => price === null);
    if (!("required" in item.dataset)) return false;
    return kind === "file" ? !this.files.given(item) : !this.valueOf(item);
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

  // What was sealed no longer says what the page says.
  filesChosen() {
    this.dirty = true;
    this.unseal();
  }

  // A file was received, refused or taken away.
  filesChanged() {
    this.filesChosen();
    this.saveSoon(0);
  }

  // Something moved: say it when the last one has arrived.
  filesMoved() {
    const { entries, isBusy, unfinished } = this.files;
    this.toggleAttribute("data-sending", isBusy);
    if (entries.length && !isBusy && !unfinished.length && !this.busy) this.say(this.text("files-sent"));
  }

  removeFile(entry) {
    this.files.remove(entry);
    entry.item.querySelector("input[type=file]").focus();
    this.filesChanged();
  }

  async envelope(code) {
    if (!this.envelopes.has(code)) {
      this.envelopes.set(code, newEnvelope(this.process, this.getAttribute("supplier"), code));
    }
    return this.envelopes.get(code);
  }

  // Send a part of the answers: short, so that a line that fails is said at once.
  async put(sha256, part) {
    const way = new PartOnItsWay(this, sha256, part);
    try {
      await way.send({ onCut: () => this.say(this.text("retrying")) });
    } catch (fault) {
      if (fault.mayResume) await this.renew();
      throw fault;
    }
  }

  // ---- sealing -------------------------------------------------------------------------------------------------

  async seal() {
    this.check();
    if (this.files.isBusy) this.say(this.text("waiting-files"));
    await this.files.settled();
    const stuck = this.files.unfinished;
    if (stuck.length) throw refusal(this.text("files-stuck", { names: stuck.map((each) => each.name).join(", ") }));
    this.say(this.text("sealing"));
    const { revision } = this;
    const sealed = [];
    for (const code of this.process.envelopes) {
      const envelope = await this.whole(code);
      sealed.push(await finishEnvelope(envelope, this.contents(code), (sha256, part) => this.put(sha256, part)));
    }
    await this.requireParts(sealed.flatMap((each) => each.files.flatMap((row) => row.parts)));
    if (revision !== this.revision) throw refusal(this.text("changed"));
    const manifest = newManifest(this.process, this.getAttribute("supplier"), this.getAttribute("bundle"), sealed);
    this.form.elements.namedItem("manifest").value = canonical(manifest);
    this.dirty = false;
    this.present();
  }

  // The envelope with the files that have arrived.
  async whole(code) {
    return { ...(await this.envelope(code)), attachments: this.files.attachmentsOf(code) };
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
    const { revision } = this;
    const envelopes = await Promise.all([...this.envelopes.keys()].map(async (code) => [code, await this.whole(code)]));
    const parts = envelopes.flatMap(([, { attachments }]) => attachments.flatMap(({ sealed }) => sealed.row.parts));
    const ciphertext = await sealDraft(this.made, { written, prices, envelopes }, this.bound);
    const response = await this.post(this.getAttribute("draft"), { ciphertext, version: this.version, parts });
    if (!response.ok) throw refusal(await sentenceOf(response, this.text("failed")));
    ({ version: this.version } = await response.json());
    this.dirty = revision !== this.revision || this.files.isBusy;
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
    const lost = await this.restoreFiles(envelopes);
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

  // The files of the draft take the place of those of the page. Those whose parts the server no longer has are lost.
  async restoreFiles(envelopes) {
    this.files.forgetAll();
    this.envelopes = new Map(envelopes.map(([code, envelope]) => [code, Promise.resolve(envelope)]));
    const attachments = envelopes.flatMap(([, envelope]) => envelope.attachments);
    const parts = attachments.flatMap(({ sealed }) => sealed.row.parts);
    if (!parts.length) return [];
    const response = await this.post(this.getAttribute("missing"), { parts });
    if (!response.ok) throw refusal(await sentenceOf(response, this.text("failed")));
    const missing = new Set((await response.json()).missing);
    const lost = [];
    for (const each of attachments) {
      const item = this.items.find(({ dataset }) => dataset.item === each.item);
      if (item && !each.sealed.row.parts.some((part) => missing.has(part))) this.files.restore(item, each);
      else lost.push(each.name);
    }
    return lost;
  }
}
