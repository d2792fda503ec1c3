/* The opening in the browser: what happens is shown as it happens. The page works without this: "Look again" reloads it. */

const POLL = 5000;

class Room extends HTMLElement {
  connectedCallback() {
    this.phase = this.getAttribute("phase");
    if (!window.EventSource) { this.askAgain(); return; }
    this.source = new EventSource(this.getAttribute("src"));
    const on = (name, work) => this.source.addEventListener(name, (event) => work.call(this, JSON.parse(event.data), event.lastEventId));
    on("acto", this.act);
    on("estado", this.stand);
    on("sobre", this.envelope);
    on("cortada", () => { this.part("progress").hidden = true; this.say(this.getAttribute("text-stopped")); });
    this.source.onopen = () => { this.say(""); clearInterval(this.poll); this.poll = null; };
    this.source.onerror = () => { this.say(this.getAttribute("text-lost")); this.askAgain(); };
  }

  disconnectedCallback() { this.source?.close(); clearInterval(this.poll); clearTimeout(this.soon); }
  part(name) { return this.querySelector(`[data-part="${name}"]`); }
  say(text) { this.part("status").textContent = text; }
  put(place, text) { if (place && place.textContent !== text) place.textContent = text; }
  askAgain() { this.poll ??= setInterval(() => this.refresh(), POLL); }

  async refresh() {
    try {
      const answer = await fetch(`${this.getAttribute("again")}?parte=vivo`, { headers: { Accept: "text/html" } });
      if (answer.ok) this.part("standing").innerHTML = await answer.text();
    } catch { /* the next try tells */ }
  }

  act(told, number) {
    const acts = this.part("acts");
    if (acts.querySelector(`[data-number="${number}"]`)) return;
    this.part("none").hidden = true;
    const row = document.createElement("li");
    row.className = "pl-tl__item pl-tl__item--done";
    row.dataset.number = number;
    const title = Object.assign(document.createElement("div"), { className: "pl-tl__title", textContent: told.text });
    const hour = Object.assign(document.createElement("time"), { className: "pl-tl__at", dateTime: told.at, textContent: told.instant });
    const receipt = Object.assign(document.createElement("a"), { className: "govuk-link pl-code", href: told.url, textContent: told.receipt });
    row.append(title, hour, " ", receipt);
    acts.prepend(row);
    this.say(told.text);
  }

  /* Words change at once; when the phase changes, the part that changes is asked for anew, not by everybody at the same
     instant, and once something is open the whole page, for its list. */
  stand(told) {
    const before = this.phase;
    this.phase = `${told.phase} ${told.moment}`;
    this.put(this.querySelector("[data-title]"), told.title);
    this.put(this.querySelector("[data-awaited]"), told.awaited.join(" "));
    this.put(this.querySelector("[data-halves]"), told.halves);
    told.given.forEach(([number, what]) => this.put(this.querySelector(`[data-given="${number}"]`), what));
    if (before === this.phase) return;
    const opened = before.startsWith("ready") || told.phase === "opened";
    this.soon = setTimeout(() => (opened ? location.reload() : this.refresh()), Math.random() * 3000);
  }

  envelope(told) {
    const bar = this.part("progress");
    [bar.hidden, bar.max, bar.value] = [false, told.all, told.place];
    const words = { "@p": told.place, "@n": told.all, "@e": told.envelope, "@b": told.bid };
    this.say(this.getAttribute("text-envelope").replace(/@[pneb]/g, (word) => words[word]));
  }
}

customElements.define("pl-room", Room);
