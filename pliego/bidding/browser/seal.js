// <pl-seal>: the offer is written here, sealed here and leaves only as ciphertext. Its inputs have no name, so that no
// form can send them; nothing of it is kept by the browser.
import { canonical, draftKey, finishEnvelope, hashOf, newEnvelope, newManifest } from "./format.js";
import { openDraft, proposedPhrase, sealDraft } from "./format.js";
import { shown, totalOf } from "./amounts.js";
import { PlElement, refusal, sentenceOf } from "./element.js";
import { Files } from "./files.js";
import { addRow, fillIn, isAnswer, markCells, readAnswer, typedIn, Unreadable } from "./kinds.js";
import { PartOnItsWay } from "./line.js";
import { PriceList } from "./prices.js";

const SHORTEST_PHRASE = 16;
const SAVED_AFTER = 1500;

export class PlSeal extends PlElement {
  async connectedCallback() {
    this.envelopes = new Map(); // promises of each, so that two files that come at once share one
    this.files = new Files(this);
    this.version = this.revision = 0;
    this.items = [...this.querySelectorAll("[data-item]")];
    this.lotBoxes = [...this.querySelectorAll("[data-lot]")];
    this.variantBox = this.querySelector("[data-variant-on]");
    for (const [name, work] of Object.entries({
      propose: () => this.propose(),
      keep: () => this.startDraft(),
      resume: () => this.resume(),
      seal: () => this.seal(),
    })) {
      this.part(name)?.addEventListener("click", () => this.act(work));
    }
    this.addEventListener("input", (event) => this.changed(event));
    this.addEventListener("change", (event) => event.target.matches("[data-file]") && this.take(event.target));
    this.addEventListener("change", (event) => event.target.matches("[data-library]") && this.act(() => this.borrow(event.target)));
    this.addEventListener("click", (event) => event.target.matches("[data-add-row]") && this.addRow(event.target));
    addEventListener("beforeunload", (event) => this.dirty && event.preventDefault());
    await this.act(() => this.start());
  }

  async start() {
    const response = await fetch(this.getAttribute("process"), { credentials: "same-origin" });
    if (!response.ok) throw refusal(this.text("failed"));
    this.process = await response.json();
    this.questions = new Map(this.process.items.map((item) => [String(item.number), item]));
    for (const [number, item] of [...this.questions]) this.questions.set(`v${number}`, { ...item, required: false });
    this.lists = new Map(
      this.items.filter((item) => item.dataset.kind === "price_list").map((item) => [item, this.listOf(item)]),
    );
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
    if (!event.target.closest("[data-item], [data-lot], [data-about], [data-variant-on], [data-summary]")) return;
    if (event.target.matches("[data-lot], [data-variant-on]")) this.divide();
    const item = event.target.matches("[data-confidential]") && event.target.closest("[data-item]");
    if (item) this.files.moveTo(item, this.placeOf(item));
    this.dirty = true;
    this.unseal();
    this.addUp();
    this.saveSoon(SAVED_AFTER);
  }

  // The lots that the offer is for; none where the process is one whole.
  get lots() {
    return this.lotBoxes.filter((box) => box.checked).map((box) => Number(box.value));
  }

  // Whether a variant goes with the offer. Its questions have the numbers of the base with a "v" before: "v7".
  get hasVariant() {
    return Boolean(this.variantBox?.checked);
  }

  isVaried(item) {
    return "variant" in item.dataset;
  }

  // Whether a question is of the whole or of a chosen lot, and of what is presented.
  isAsked(item) {
    if (this.isVaried(item) && !this.hasVariant) return false;
    return !item.dataset.lots || item.dataset.lots.split(" ").some((lot) => this.lots.includes(Number(lot)));
  }

  get asked() {
    return this.items.filter((item) => this.isAsked(item));
  }

  divide() {
    for (const item of this.items) item.hidden = !this.isAsked(item);
    this.show("variant", this.hasVariant);
  }

  lotsAreWrong() {
    const part = this.part("lots");
    if (!part) return false;
    const { least, most } = part.dataset;
    const isWrong = this.lots.length < Number(least) || this.lots.length > Number(most);
    this.mark(part, isWrong ? part.querySelector("[data-error]").dataset.error : "");
    return isWrong;
  }

  // What the supplier says of the offer itself, without what is empty.
  get about() {
    const said = [...this.querySelectorAll("[data-about]")].map((input) => [input.dataset.about, input.value.trim()]);
    return Object.fromEntries(said.filter(([, text]) => text));
  }

  aboutLacks() {
    const rows = [...this.querySelectorAll("[data-about-row][data-required]")];
    const lacks = rows.filter((row) => !row.querySelector("input").value.trim());
    for (const row of rows) this.mark(row, lacks.includes(row) ? row.querySelector("[data-error]").dataset.error : "");
    return lacks[0];
  }

  get summary() {
    return this.querySelector("[data-summary]")?.value.trim() ?? "";
  }

  // What stands against the variant as a whole: it says what it changes, and changes something.
  checkVariant() {
    if (!this.variantBox) return;
    const part = this.part("summary");
    const lacks = this.hasVariant && !this.summary;
    this.mark(part, lacks ? part.querySelector("[data-error]").dataset.error : "");
    if (lacks) {
      part.querySelector("textarea").focus();
      throw refusal(part.querySelector("[data-error]").dataset.error);
    }
    const changes = (item) => typedIn(item) || this.files.given(item) || this.lists.get(item)?.priced.some(([, , price]) => price);
    if (this.hasVariant && !this.items.some((item) => this.isVaried(item) && changes(item))) {
      this.variantBox.focus();
      throw refusal(this.text("same-as-base"));
    }
  }

  listOf(item) {
    const number = item.dataset.item.replace("v", "");
    const lines = this.process.price_lines.filter((line) => String(line.item) === number);
    return new PriceList(this, item, lines);
  }

  addRow(button) {
    addRow(button.closest("[data-item]")).querySelector("input, select").focus();
  }

  // Chosen files go into their queue whatever else is being done.
  take(input) {
    const chosen = [...input.files];
    input.value = "";
    this.files.add(input.closest("[data-item]"), chosen);
  }

  // A document of the account's library: its bytes come here, and are sealed like those of any file.
  async borrow(select) {
    const [chosen] = select.selectedOptions;
    if (!chosen.value) return;
    const response = await fetch(chosen.value, { credentials: "same-origin" });
    if (!response.ok) throw refusal(this.text("failed"));
    const type = response.headers.get("Content-Type") ?? "";
    this.files.add(select.closest("[data-item]"), [new File([await response.blob()], chosen.dataset.name, { type })]);
    select.value = "";
  }

  accept(types) {
    for (const input of this.querySelectorAll("[data-file]")) input.accept = types;
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
    const total = this.part("total");
    if (total) total.textContent = shown(totalOf(lines.map(([, quantity, price]) => [quantity, price])), this.lang);
    if (this.variantBox) this.addUpVariant(lines);
  }

  // The base with the prices that the variant changes.
  addUpVariant(base) {
    const lists = [...this.lists.keys()].filter((item) => this.isVaried(item));
    const prices = new Map(this.priced(lists).map(([key, , price]) => [key, price]));
    const sums = base.map(([key, quantity, price]) => [quantity, prices.get(key) ?? price]);
    this.part("variant-total").textContent = shown(totalOf(sums), this.lang);
  }

  get lang() {
    return document.documentElement.lang || "es";
  }

  priced(items = [...this.lists.keys()].filter((item) => this.isAsked(item) && !this.isVaried(item))) {
    return items.flatMap((item) => this.lists.get(item).priced);
  }

  // What stands against the answer of a question, in a sentence; nothing when nothing does.
  faultOf(item) {
    const { kind } = item.dataset;
    const isRequired = "required" in item.dataset;
    const missing = item.querySelector("[data-error]").dataset.error;
    if (kind === "price_list" && this.lists.get(item).faultAt >= 0) return this.isVaried(item) ? this.text("bad-money") : missing;
    if (kind === "file" && isRequired && !this.files.given(item)) return missing;
    if (isAnswer(kind)) {
      const fault = this.unreadable(item);
      if (fault) return fault;
      if (isRequired && !typedIn(item)) return missing;
    }
    if ("evidence" in item.dataset && (isRequired || typedIn(item)) && !this.files.given(item)) return this.text("evidence");
    return this.asksConfidence(item) && !this.reasonOf(item) ? this.text("reason") : "";
  }

  unreadable(item) {
    const question = this.questions.get(item.dataset.item);
    try {
      readAnswer(question, typedIn(item));
      markCells(item, []);
      return "";
    } catch (fault) {
      if (!(fault instanceof Unreadable)) throw fault;
      markCells(item, fault.faults);
      const cells = fault.faults.map(({ row, column, code }) => this.text("bad-cell", { row, column, why: this.text(`bad-${code}`) }));
      return cells.join(" ") || this.text(`bad-${fault.code}`);
    }
  }

  asksConfidence(item) {
    return Boolean(item.querySelector("[data-confidential]")?.checked);
  }

  reasonOf(item) {
    return item.querySelector("[data-reason]")?.value.trim() ?? "";
  }

  // Mark everything that is missing or wrong at once; the first of them gets the focus.
  check() {
    const wrong = this.asked.map((item) => [item, this.faultOf(item)]);
    for (const [item, fault] of wrong) this.mark(item, fault);
    if (this.lotsAreWrong()) {
      this.lotBoxes[0].focus();
      throw refusal(this.part("lots").querySelector("[data-error]").dataset.error);
    }
    const lacking = this.aboutLacks();
    if (lacking) {
      lacking.querySelector("input").focus();
      throw refusal(lacking.querySelector("[data-error]").dataset.error);
    }
    const [first] = wrong.filter(([, fault]) => fault);
    if (!first) {
      this.checkVariant();
      return;
    }
    this.focusOn(first[0]);
    throw refusal(this.text("missing", { count: wrong.filter(([, fault]) => fault).length }));
  }

  mark(group, fault) {
    const said = group.querySelector("[data-error]");
    group.classList.toggle("govuk-form-group--error", Boolean(fault));
    said.textContent = fault;
    said.hidden = !fault;
  }

  focusOn(item) {
    const folded = item.closest("details");
    if (folded) folded.open = true;
    const marked = item.querySelector(".govuk-input--error");
    if (this.lists.has(item)) this.lists.get(item).goToFault();
    else (marked ?? item.querySelector("input, textarea, select"))?.focus();
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
    const isWrong = this.part("status").dataset.kind === "error"; // that stays until the next try
    if (entries.length && !isBusy && !unfinished.length && !this.busy && !isWrong) this.say(this.text("files-sent"));
  }

  removeFile(entry) {
    this.files.remove(entry);
    entry.item.querySelector("[data-file]").focus();
    this.filesChanged();
  }

  // Where an answer is sealed: with the others of its envelope or, asked to be confidential, apart: "offer 7".
  placeOf(item) {
    const { envelope, item: number } = item.dataset;
    return this.asksConfidence(item) ? `${envelope} ${number}` : envelope;
  }

  async envelope(place) {
    if (!this.envelopes.has(place)) {
      const [code, apart] = place.split(" ");
      const reserved = apart ? (this.reserves = (this.reserves ?? 0) + 1) : 0; // tells no question
      this.envelopes.set(place, newEnvelope(this.process, this.getAttribute("supplier"), code, reserved));
    }
    return this.envelopes.get(place);
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
    const stuck = this.files.unfinished.filter(({ item }) => this.isAsked(item));
    if (stuck.length) throw refusal(this.text("files-stuck", { names: stuck.map((each) => each.name).join(", ") }));
    this.say(this.text("sealing"));
    const { revision } = this;
    const sealed = [];
    const isTold = !this.process.variants;
    for (const code of this.process.envelopes) {
      const envelope = await this.whole(code, (item) => this.isAsked(item));
      sealed.push(await finishEnvelope(envelope, this.contents(code), (sha256, part) => this.put(sha256, part), isTold));
    }
    for (const item of this.asked.filter((each) => this.asksConfidence(each))) {
      const envelope = await this.whole(this.placeOf(item));
      const contents = { answers: this.answersOf([item]), prices: {}, total: "" };
      if (!envelope.attachments.length && !Object.values(contents.answers).some(Boolean)) continue;
      sealed.push(await finishEnvelope(envelope, contents, (sha256, part) => this.put(sha256, part)));
    }
    await this.requireParts(sealed.flatMap((each) => each.files.flatMap((row) => row.parts)));
    if (revision !== this.revision) throw refusal(this.text("changed"));
    const manifest = newManifest(this.process, this.getAttribute("supplier"), this.getAttribute("bundle"), sealed);
    this.form.elements.namedItem("manifest").value = canonical(manifest);
    this.dirty = false;
    this.present();
  }

  // The envelope with the files that have arrived: all of them, or those of the questions that are asked.
  async whole(place, isAsked = () => true) {
    return { ...(await this.envelope(place)), attachments: this.files.attachmentsOf(place, isAsked) };
  }

  answersOf(items) {
    const answered = items.filter((item) => isAnswer(item.dataset.kind));
    return this.byNumber(answered, (item) => readAnswer(this.questions.get(item.dataset.item), typedIn(item)));
  }

  byNumber(items, read) {
    return Object.fromEntries(items.map((item) => [item.dataset.item, read(item)]));
  }

  contents(code) {
    const isFirst = code === this.process.envelopes[0];
    const inside = this.asked.filter((item) => item.dataset.envelope === code && !this.isVaried(item));
    const lists = inside.filter((item) => this.lists.has(item));
    const lines = this.priced(lists);
    const hidden = inside.filter((item) => this.asksConfidence(item));
    return {
      answers: this.answersOf(inside.filter((item) => !hidden.includes(item))),
      prices: Object.fromEntries(lines.map(([key, , price]) => [key, price])),
      total: lines.length ? totalOf(lines.map(([, quantity, price]) => [quantity, price])) : "",
      ...(hidden.length ? { confidential: this.byNumber(hidden, (item) => this.reasonOf(item)) } : {}),
      ...(this.lots.length ? { lots: this.lots } : {}),
      ...(isFirst && Object.keys(this.about).length ? { about: this.about } : {}),
      ...(this.hasVariant ? { variant: this.variantIn(code, isFirst) } : {}),
    };
  }

  // What the variant says in one envelope: only what it changes. Its files are put beside when they are sealed.
  variantIn(code, isFirst) {
    const inside = this.asked.filter((item) => item.dataset.envelope === code && this.isVaried(item));
    const answers = Object.entries(this.answersOf(inside)).filter(([, text]) => text);
    const lines = this.priced(inside.filter((item) => this.lists.has(item))).filter(([, , price]) => price);
    return {
      summary: isFirst ? this.summary : "",
      answers: Object.fromEntries(answers.map(([number, text]) => [number.slice(1), text])),
      prices: Object.fromEntries(lines.map(([key, , price]) => [key, price])),
    };
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
    const written = this.byNumber(this.items, typedIn);
    const [prices, varied] = [false, true].map((isVaried) => this.typedPrices(isVaried));
    const variant = { isOn: this.hasVariant, summary: this.summary, prices: varied };
    const hidden = this.items.filter((item) => this.asksConfidence(item));
    const confidential = this.byNumber(hidden, (item) => this.reasonOf(item));
    const { revision } = this;
    const envelopes = await Promise.all([...this.envelopes.keys()].map(async (code) => [code, await this.whole(code)]));
    const parts = envelopes.flatMap(([, { attachments }]) => attachments.flatMap(({ sealed }) => sealed.row.parts));
    const kept = { written, prices, confidential, about: this.about, lots: this.lots, variant, envelopes };
    const ciphertext = await sealDraft(this.made, kept, this.bound);
    const response = await this.post(this.getAttribute("draft"), { ciphertext, version: this.version, parts });
    if (!response.ok) throw refusal(await sentenceOf(response, this.text("failed")));
    ({ version: this.version } = await response.json());
    this.dirty = revision !== this.revision || this.files.isBusy;
    const time = new Date().toLocaleTimeString(this.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.say(this.text("saved", { time, version: this.version }));
  }

  typedPrices(isVaried) {
    const lists = [...this.lists].filter(([item]) => this.isVaried(item) === isVaried);
    return Object.fromEntries(lists.flatMap(([, { typed }]) => [...typed]));
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
    const { written, prices, confidential = {}, about = {}, lots = [], variant = {}, envelopes } = opened.value;
    if (this.variantBox) {
      this.variantBox.checked = Boolean(variant.isOn);
      this.querySelector("[data-summary]").value = variant.summary ?? "";
    }
    for (const input of this.querySelectorAll("[data-about]")) input.value = about[input.dataset.about] ?? "";
    for (const box of this.lotBoxes) box.checked = lots.includes(Number(box.value));
    this.divide();
    for (const item of this.items) this.fill(item, written[item.dataset.item] ?? "", confidential[item.dataset.item]);
    for (const [item, list] of this.lists) list.fill(this.isVaried(item) ? (variant.prices ?? {}) : prices);
    const lost = await this.restoreFiles(envelopes);
    this.addUp();
    this.part("resume-phrase").value = "";
    this.show("draft-found", false);
    this.say(lost.length ? this.text("lost", { names: lost.join(", ") }) : this.text("resumed"));
  }

  fill(item, typed, reason) {
    if (isAnswer(item.dataset.kind)) fillIn(item, typed);
    const mark = item.querySelector("[data-confidential]");
    if (!mark) return;
    mark.checked = reason !== undefined;
    item.querySelector("[data-reason]").value = reason ?? "";
  }

  // The files of the draft take the place of those of the page. Those whose parts the server no longer has are lost.
  async restoreFiles(envelopes) {
    this.files.forgetAll();
    this.envelopes = new Map(envelopes.map(([code, envelope]) => [code, Promise.resolve(envelope)]));
    this.reserves = Math.max(0, ...envelopes.map(([, { header }]) => header.reserved ?? 0));
    const attachments = envelopes.flatMap(([place, envelope]) => envelope.attachments.map((each) => ({ ...each, place })));
    const parts = attachments.flatMap(({ sealed }) => sealed.row.parts);
    if (!parts.length) return [];
    const response = await this.post(this.getAttribute("missing"), { parts });
    if (!response.ok) throw refusal(await sentenceOf(response, this.text("failed")));
    const missing = new Set((await response.json()).missing);
    const lost = [];
    for (const each of attachments) {
      const item = this.items.find(({ dataset }) => dataset.item === each.item);
      const isHere = item && each.place === this.placeOf(item); // drafts of before sealed nothing apart
      if (isHere && !each.sealed.row.parts.some((part) => missing.has(part))) this.files.restore(item, each, each.place);
      else lost.push(each.name);
    }
    return lost;
  }
}
