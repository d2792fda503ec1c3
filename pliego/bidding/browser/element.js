// What the three elements share: their texts come from attributes, their parts from data-part.
export class PlElement extends HTMLElement {
  text(name, values = {}) {
    const found = this.getAttribute(`text-${name}`) ?? "";
    return Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), found);
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  parts(name) {
    return [...this.querySelectorAll(`[data-part="${name}"]`)];
  }

  say(text, kind = "") {
    const status = this.part("status");
    status.textContent = text;
    status.dataset.kind = kind;
  }

  show(name, visible = true) {
    const element = this.part(name);
    if (element) element.hidden = !visible;
  }

  get token() {
    return this.getAttribute("csrf") ?? "";
  }

  async post(url, body) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token, Accept: "application/json" };
    return fetch(url, { method: "POST", credentials: "same-origin", headers, body: JSON.stringify(body) });
  }

  // The page may have waited while the person signed in again in another window: take the token in force now.
  async renew() {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const token = page.querySelector(this.localName)?.getAttribute("csrf");
      if (token) this.setAttribute("csrf", token);
    } catch {
      // the line is still down: what follows says so
    }
  }

  // Run one act of the person at a time, and never leave the page silent about a failure.
  async act(work) {
    if (this.busy) return;
    this.busy = true;
    this.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (fault) {
      this.say(fault.sentence ?? this.text("failed"), "error");
    } finally {
      this.busy = false;
      this.removeAttribute("aria-busy");
    }
  }
}

export function refusal(sentence) {
  return Object.assign(new Error(sentence), { sentence });
}

export async function sentenceOf(response, otherwise) {
  try {
    const { errors } = await response.json();
    return errors.map((each) => each.sentence).join(" ") || otherwise;
  } catch {
    return otherwise;
  }
}

export function download(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
