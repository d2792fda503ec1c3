// <pl-opening>: a member opens the locks with their own key, here in the browser, and gives only what they hold.
import { keyOf, openLock } from "./format.js";
import { PlElement, refusal } from "./element.js";

export class PlOpening extends PlElement {
  connectedCallback() {
    this.show("tool");
    this.part("open").addEventListener("click", () => this.act(() => this.open()));
  }

  async open() {
    const file = this.part("file").files[0];
    const paper = this.part("paper").value;
    if (!file && !paper.trim()) throw refusal(this.text("choose"));
    this.say(this.text("opening"));
    let key;
    try {
      key = await keyOf({ file, passphrase: this.part("passphrase").value, paper });
    } catch {
      throw refusal(this.text("wrong"));
    }
    if (key.recipient !== this.getAttribute("recipient")) throw refusal(this.text("other"));
    const response = await fetch(this.getAttribute("locks"), { credentials: "same-origin" });
    if (!response.ok) throw refusal(this.text("failed"));
    const { locks } = await response.json();
    const lines = [];
    for (const { recipient, lock } of locks) {
      const { share, file_key: fileKey } = await openLock(key.identity, lock);
      lines.push(`${recipient} ${share ?? (fileKey ? `prueba:${fileKey}` : "no-abre")}`);
    }
    this.part("passphrase").value = this.part("paper").value = "";
    const form = document.getElementById(this.getAttribute("form"));
    form.elements.namedItem("shares").value = lines.join("\n");
    this.say(this.text("sending", { count: lines.length }));
    form.requestSubmit();
  }
}
