// <pl-sign options="…">: asks the passkey for its answer over the hash of what the page shows, and sends it with the form.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

class Sign extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.ask());
  }

  say(words) {
    this.querySelector("[role=status]").textContent = this.getAttribute(words);
  }

  async ask() {
    if (!window.PublicKeyCredential) return this.say("words-missing");
    const { publicKey } = JSON.parse(this.getAttribute("options"));
    const known = (publicKey.allowCredentials ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
    try {
      const answer = await navigator.credentials.get({
        publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known },
      });
      const { authenticatorData, clientDataJSON, signature } = answer.response;
      const form = this.closest("form");
      form.elements["firma-assertion"].value = JSON.stringify({
        id: answer.id,
        rawId: text(answer.rawId),
        type: answer.type,
        response: {
          authenticatorData: text(authenticatorData),
          clientDataJSON: text(clientDataJSON),
          signature: text(signature),
        },
      });
      form.submit();
    } catch {
      this.say("words-failed");
    }
  }
}

customElements.define("pl-sign", Sign);
