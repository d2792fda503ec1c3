// <pl-keymaker>: makes a member's opening key, has it saved under a passphrase, and proves with the saved file that it opens.
// Without its first part it only proves: the rehearsal before an opening.
import { keptBy, keyForPasskey, keyOf, newKey, onPaper, onPaperAsQr, openText, protectedKey } from "./format.js";
import { PlElement, download, refusal, sentenceOf } from "./element.js";

const SHORTEST = 12;

export class PlKeymaker extends PlElement {
  connectedCallback() {
    this.show("tool");
    this.part("make")?.addEventListener("click", () => this.act(() => this.make()));
    this.part("make-passkey")?.addEventListener("click", () => this.act(() => this.makeForPasskey()));
    this.part("print")?.addEventListener("click", () => print());
    this.part("prove").addEventListener("click", () => this.act(() => this.prove()));
  }

  async make() {
    const passphrase = this.part("passphrase").value;
    if (passphrase.length < SHORTEST) throw refusal(this.text("short"));
    if (passphrase !== this.part("again").value) throw refusal(this.text("different"));
    await this.handOver((identity, recipient) => protectedKey(identity, recipient, passphrase));
  }

  // The file opens with a passkey of this device, which asks for the finger, the face or its PIN.
  async makeForPasskey() {
    try {
      await this.handOver((identity, recipient) => keyForPasskey(identity, recipient, `Pliego ${recipient.slice(4, 12)}`));
    } catch (fault) {
      throw fault.sentence ? fault : refusal(this.text("no-passkey"));
    }
  }

  async handOver(protect) {
    this.say(this.text("making"));
    const { identity, recipient } = await newKey();
    download(`llave-pliego-${recipient.slice(4, 12)}.age`, await protect(identity, recipient));
    this.part("passphrase").value = this.part("again").value = "";
    this.part("words").textContent = onPaper(identity);
    this.draw(onPaperAsQr(identity));
    this.show("paper-copy");
    this.show("proof");
    this.say(this.text("saved"));
    this.part("file").focus();
  }

  // The squares as one drawing, which prints sharp at any size.
  draw(squares) {
    const drawing = this.part("qr");
    const line = (row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")).join("");
    drawing.setAttribute("viewBox", `0 0 ${squares.length} ${squares.length}`);
    drawing.querySelector("path").setAttribute("d", squares.map(line).join(""));
  }

  async prove() {
    const file = this.part("file").files[0];
    const paper = this.part("paper")?.value;
    if (!file && !paper?.trim()) throw refusal(this.text("choose"));
    this.say(this.text("proving"));
    let key;
    try {
      key = await keyOf({ file, passphrase: this.part("proof-passphrase").value, paper });
    } catch {
      throw refusal(this.text("wrong"));
    }
    const response = await this.post(this.getAttribute("challenge"), { recipient: key.recipient });
    if (!response.ok) throw refusal(await sentenceOf(response, this.text("failed")));
    const { challenge, ticket } = await response.json();
    const form = document.getElementById(this.getAttribute("form"));
    form.elements.namedItem("recipient").value = key.recipient;
    form.elements.namedItem("ticket").value = ticket;
    const kept = form.elements.namedItem("kept_by"); // the rehearsal does not ask it
    if (kept) kept.value = await keptBy({ file, paper });
    form.elements.namedItem("answer").value = await openText(key.identity, challenge);
    this.part("proof-passphrase").value = "";
    if (this.part("paper")) this.part("paper").value = "";
    if (this.part("words")) this.part("words").textContent = "";
    this.part("qr")?.querySelector("path").removeAttribute("d");
    form.requestSubmit();
  }
}
