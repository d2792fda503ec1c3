// <pl-passkey ceremony="get|create" url="…">: asks the browser for a passkey and posts what it answers.
// The server gives the challenge at `url` (GET) and takes the answer there (POST, an ordinary form).

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function readable(options) {
  const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    key[list] = (key[list] ?? []).map((known) => ({ ...known, id: bytes(known.id) }));
  }
  return { publicKey: key };
}

function sendable(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: text(answer.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[part]) response[part] = text(answer[part]);
  }
  if (answer.getTransports) response.transports = answer.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

class Passkey extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.status = this.querySelector("[role=status]");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
  }

  async ask() {
    if (!window.PublicKeyCredential) {
      this.status.textContent = this.getAttribute("words-missing");
      return;
    }
    try {
      const reply = await fetch(this.getAttribute("url"), { headers: { Accept: "application/json" } });
      const options = readable(await reply.json());
      const credential = await navigator.credentials[this.getAttribute("ceremony")](options);
      this.form.elements.credential.value = JSON.stringify(sendable(credential));
      this.form.submit();
    } catch {
      this.status.textContent = this.getAttribute("words-failed");
    }
  }
}

customElements.define("pl-passkey", Passkey);
