// The files of an offer. Each is looked at as it is chosen, then waits its turn to be encrypted and sent, one after the
// other; while they go, more can be chosen, and each can be taken away or replaced. A cut pauses a file, never ends it.
import { sealBlob } from "./format.js";
import { PartOnItsWay } from "./line.js";
import { objectionTo } from "./looking.js";

const KIND = "bid_document";
const MOST_FILES = 499; // of an envelope, beside its answers
const COMING = ["looking", "waiting", "sending", "paused"];
const shownSize = (size) => {
  const [unit, by] = size < 2 ** 20 ? ["KB", 2 ** 10] : ["MB", 2 ** 20];
  return `${String(Math.max(0.1, Math.round((size / by) * 10) / 10)).replace(".", ",")}\u00a0${unit}`;
};

export class Files {
  constructor(page) {
    this.page = page;
    this.entries = [];
    this.watchers = [];
    addEventListener("online", () => this.entries.forEach((entry) => entry.goOn?.()));
  }

  of(item) {
    return this.entries.filter((entry) => entry.item === item);
  }

  given(item) {
    return this.of(item).some((entry) => entry.state === "done" || COMING.includes(entry.state));
  }

  // `place`: the envelope to which each was sealed (PlSeal.placeOf).
  attachmentsOf(place, isAsked) {
    const done = this.entries.filter((entry) => entry.state === "done" && entry.place === place);
    return done.filter(({ item }) => isAsked(item)).map(({ item, name, sealed }) => ({ item: item.dataset.item, name, sealed }));
  }

  get isBusy() {
    return this.entries.some((entry) => ["looking", "waiting", "sending"].includes(entry.state));
  }

  get unfinished() {
    return this.entries.filter((entry) => entry.state !== "done");
  }

  // When no file is moving: all are received, paused or refused.
  async settled() {
    while (this.isBusy) await new Promise((done) => this.watchers.push(done));
  }

  // ---- choosing ------------------------------------------------------------------------------------------------

  add(item, chosen, instead = null) {
    const fresh = [...chosen].map((file) => this.entry({ item, file, name: file.name, size: file.size, state: "looking" }));
    const at = instead ? this.entries.indexOf(instead) : -1;
    if (at < 0) this.entries.push(...fresh);
    else this.entries.splice(at, 0, ...fresh);
    if (instead) this.remove(instead);
    this.arrange(item);
    this.page.filesChosen();
    for (const entry of fresh) this.look(entry);
  }

  // Files of a draft, received before.
  restore(item, { name, sealed }, place) {
    this.entries.push(this.entry({ item, name, size: sealed.row.size, state: "done", sealed, place }));
    this.arrange(item);
  }

  // The answer goes to another envelope now: its files are encrypted again, to the key of that one. Those of a draft are
  // not at hand, and must be chosen again.
  moveTo(item, place) {
    for (const entry of this.of(item)) {
      if (!entry.place || entry.place === place || entry.state === "refused") continue;
      if (entry.file) this.add(item, [entry.file], entry);
      else this.move(entry, "refused", this.page.text("lost", { names: entry.name }));
    }
  }

  forgetAll() {
    for (const entry of [...this.entries]) this.remove(entry);
  }

  remove(entry) {
    entry.stop.abort();
    this.entries = this.entries.filter((each) => each !== entry);
    entry.row.remove();
    this.tell();
  }

  async look(entry) {
    let why = "";
    try {
      why = this.standsAgainst(entry) || (await objectionTo(entry.file, await this.known(), KIND));
    } catch {
      why = this.page.text("unread", { name: entry.name });
    }
    if (entry.stop.signal.aborted) return;
    this.move(entry, why ? "refused" : "waiting", why);
    this.run();
  }

  standsAgainst({ item, file }) {
    const others = this.of(item).filter((each) => each.file !== file && each.state !== "refused");
    const isSame = ({ file: other }) =>
      other && other.name === file.name && other.size === file.size && other.lastModified === file.lastModified;
    if (others.some(isSame)) return this.page.text("twice", { name: file.name });
    const inside = this.entries.filter((each) => each.item.dataset.envelope === item.dataset.envelope);
    return inside.length > MOST_FILES ? this.page.text("too-many", { count: MOST_FILES }) : "";
  }

  // The published list of types and sentences.
  async known() {
    this.list ??= fetch(this.page.getAttribute("types")).then((answer) => {
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      return answer.json();
    });
    this.list.catch(() => (this.list = null));
    return this.list;
  }

  // ---- sending -------------------------------------------------------------------------------------------------

  async run() {
    if (this.running) return;
    this.running = true;
    for (let entry; (entry = this.entries.find((each) => each.state === "waiting")); ) await this.send(entry);
    this.running = false;
  }

  async send(entry) {
    const { signal } = entry.stop;
    this.move(entry, "sending");
    try {
      entry.place = this.page.placeOf(entry.item);
      const envelope = await this.page.envelope(entry.place);
      const sealed = await sealBlob(envelope.header.recipient, entry.file, (name, part) => this.sendPart(entry, name, part));
      if (signal.aborted) return;
      const twin = this.of(entry.item).find((each) => each.sealed?.sha256 === sealed.sha256);
      if (twin) return this.move(entry, "refused", this.page.text("twin", { name: entry.name, other: twin.name }));
      entry.sealed = sealed;
      this.move(entry, "done");
      this.moveTo(entry.item, this.page.placeOf(entry.item)); // marked meanwhile
    } catch (fault) {
      if (signal.aborted) return;
      const why = fault.name === "NotReadableError" ? this.page.text("unread", { name: entry.name }) : fault.sentence;
      this.move(entry, "refused", why ?? this.page.text("failed"));
    }
    this.page.filesChanged();
  }

  async sendPart(entry, name, part) {
    const { signal } = entry.stop;
    const onBytes = (bytes) => this.progress(entry, entry.sent + bytes);
    const onCut = () => this.say(entry, this.page.text("retrying"));
    for (const way = new PartOnItsWay(this.page, name, part); ; ) {
      try {
        await way.send({ signal, onBytes, onCut });
        break;
      } catch (fault) {
        if (signal.aborted || !fault.mayResume) throw fault;
        this.move(entry, "paused", fault.sentence);
        await this.told(entry);
        await this.page.renew();
        this.move(entry, "sending");
      }
    }
    entry.sent += part.length;
    this.progress(entry, entry.sent);
  }

  // Until the person says to go on, or the line is back, or the file is taken away.
  told(entry) {
    return new Promise((resolve, reject) => {
      entry.goOn = () => {
        entry.goOn = null;
        resolve();
      };
      entry.stop.signal.addEventListener("abort", () => reject(entry.stop.signal.reason), { once: true });
    });
  }

  // ---- what is shown -------------------------------------------------------------------------------------------

  entry(told) {
    const entry = { sent: 0, why: "", goOn: null, stop: new AbortController(), ...told };
    const { name } = entry;
    entry.row = document.createElement("li");
    entry.row.className = "pl-file";
    entry.title = this.made("span", "pl-file__name", `${name} · ${shownSize(entry.size)}`);
    entry.said = this.made("span", "pl-file__state");
    entry.bar = this.made("progress", "pl-progress");
    entry.bar.max = 1;
    entry.bar.setAttribute("aria-label", this.page.text("progress", { name }));
    entry.buttons = {
      goOn: this.button("go-on", name, () => entry.goOn?.()),
      replace: this.button("replace", name, () => this.choose(entry)),
      remove: this.button("remove", name, () => this.page.removeFile(entry)),
    };
    entry.row.append(entry.title, entry.said, entry.bar, ...Object.values(entry.buttons));
    this.draw(entry);
    return entry;
  }

  made(tag, className, text = "") {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  button(word, name, press) {
    const button = this.made("button", "govuk-button govuk-button--secondary", this.page.text(word));
    button.type = "button";
    button.append(this.made("span", "govuk-visually-hidden", ` ${name}`));
    button.addEventListener("click", press);
    return button;
  }

  // The picker of one file, for the one that replaces another.
  choose(entry) {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = entry.item.querySelector("[data-file]").accept;
    input.addEventListener("change", () => input.files[0] && this.add(entry.item, [input.files[0]], entry));
    input.click();
  }

  move(entry, state, why = "") {
    Object.assign(entry, { state, why });
    this.draw(entry);
    if (why) this.page.say(why, "error");
    this.tell();
  }

  draw(entry) {
    const { state, row, bar, buttons } = entry;
    row.dataset.state = state;
    bar.hidden = !["sending", "paused"].includes(state);
    buttons.goOn.hidden = state !== "paused";
    const words = { looking: "looking", waiting: "waiting", done: "sealed-file" };
    if (state === "sending") this.progress(entry, entry.sent);
    else this.say(entry, entry.why || this.page.text(words[state]));
  }

  // The rows stand in the order of their files.
  arrange(item) {
    item.querySelector("[data-files]").append(...this.of(item).map((entry) => entry.row));
  }

  progress(entry, bytes) {
    if (entry.state !== "sending") return;
    const share = entry.size ? Math.min(1, bytes / entry.size) : 1;
    entry.bar.value = share;
    this.say(entry, this.page.text("sending", { percent: Math.floor(share * 100) }));
  }

  say(entry, text) {
    if (entry.said.textContent !== text) entry.said.textContent = text;
  }

  tell() {
    for (const watcher of this.watchers.splice(0)) watcher();
    this.page.filesMoved();
  }
}
