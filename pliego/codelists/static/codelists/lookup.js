/* Offers, as one types, what an address of the API finds. Without it the field is a plain text field. */
class Lookup extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.list) return;
    this.list = document.createElement("datalist");
    this.list.id = `${this.input.id}_options`;
    this.append(this.list);
    this.input.setAttribute("list", this.list.id);
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), 200);
    });
  }
  async ask() {
    const words = this.input.value.trim();
    if (words.length < 2 || words === this.asked) return;
    this.asked = words;
    const address = new URL(this.getAttribute("source"), location.origin);
    address.searchParams.set("q", words.replaceAll(",", " "));
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (answer.ok && words === this.input.value.trim()) this.offer(await answer.json());
    } catch { /* the line is down: the field goes on as a text field */ }
  }
  offer(rows) {
    const shows = this.getAttribute("shows");
    this.list.replaceChildren(...rows.slice(0, 25).map((row) => {
      const option = document.createElement("option");
      option.value = shows.replaceAll(/\{(\w+)\}/g, (_all, name) => row[name] ?? "");
      return option;
    }));
  }
}
customElements.define("pl-lookup", Lookup);
