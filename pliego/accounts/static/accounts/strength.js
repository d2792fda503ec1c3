// <pl-strength of="id_password">: says how strong the password is, in the browser; what is typed goes nowhere.
// The estimator and its words are asked for when somebody begins to type, never before.

const PATIENCE = 150; // milliseconds without a key before it is weighed
const SHORTEST = 12;
let estimator;

function script(url) {
  return new Promise((resolve, reject) => {
    const tag = Object.assign(document.createElement("script"), { src: url, onload: resolve, onerror: reject });
    document.head.append(tag);
  });
}

function load(core, words) {
  estimator ??= script(core)
    .then(() => script(words))
    .then(() => {
      const { dictionary, adjacencyGraphs } = window.zxcvbnts["language-common"];
      return new window.zxcvbnts.core.ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
    });
  return estimator;
}

class Strength extends HTMLElement {
  connectedCallback() {
    if (this.input) return; // moving it to its field connects it again
    this.input = document.getElementById(this.getAttribute("of"));
    if (!this.input || this.hasAttribute("off")) return;
    this.meter = this.querySelector("meter");
    this.line = this.querySelector("[role=status]");
    this.input.closest(".govuk-form-group").append(this);
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.weigh(), PATIENCE);
    });
  }

  async weigh() {
    const typed = this.input.value;
    const known = await load(this.getAttribute("core"), this.getAttribute("words")).catch(() => null);
    if (!known || typed !== this.input.value) return;
    const { score } = known.check(typed);
    this.meter.hidden = !typed;
    this.meter.value = score;
    const said = typed && typed.length < SHORTEST ? "short" : String(score);
    this.line.textContent = typed ? this.getAttribute(`text-${said}`) : "";
  }
}

if (!customElements.get("pl-strength")) customElements.define("pl-strength", Strength);
