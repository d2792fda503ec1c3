// A part of ciphertext on its way: sent as a resumable upload (tus 1.0) and taken under its hash. After a cut it goes on
// from the byte at which the server says that it stands, however often `send` is called.
const TRIES = 6;
const LONGEST_PAUSE = 16_000;
const STRETCH = 2 * 2 ** 20; // bytes of one request: what a cut, or a browser that sends again by itself, can cost at most
const TUS = { "Tus-Resumable": "1.0.0" };

const pause = (ms, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", () => done(clearTimeout(timer)), { once: true });
  });

// `mayResume`: the same part can be sent on when the person says so; otherwise it is refused for good.
class Stopped extends Error {
  constructor(sentence, mayResume) {
    super(sentence);
    Object.assign(this, { sentence, mayResume });
  }
}

function sentenceIn(text) {
  try {
    return JSON.parse(text).errors.map((each) => each.sentence).join(" ");
  } catch {
    return "";
  }
}

export class PartOnItsWay {
  // `page` gives the addresses, the words and the token; `name` is the SHA-256 of `part`.
  constructor(page, name, part) {
    Object.assign(this, { page, name, part, place: "", reached: 0, taken: false });
  }

  // Resolves when the server has the whole part. Tries again while the line fails; as long as bytes arrive it never tires.
  async send({ signal, onBytes = () => {}, onCut = () => {} } = {}) {
    for (let tried = 0; ; ) {
      const before = this.reached;
      try {
        signal?.throwIfAborted();
        await this.bytes(signal, onBytes);
        return await this.take(signal);
      } catch (fault) {
        if (signal?.aborted || fault instanceof Stopped) throw fault;
        tried = this.reached > before ? 1 : tried + 1;
        if (tried > TRIES) throw new Stopped(this.page.text("line"), true);
        onCut();
        await pause(Math.min(1000 * 2 ** (tried - 1), LONGEST_PAUSE), signal);
      }
    }
  }

  async bytes(signal, onBytes) {
    this.reached = this.place ? await this.standing(signal) : await this.begin(signal);
    onBytes(this.reached);
    while (this.reached < this.part.length) {
      const from = this.reached;
      this.reached = await this.patch(signal, onBytes);
      if (this.reached <= from) throw new Error("cut");
    }
  }

  async begin(signal) {
    const told = `filename ${btoa(this.name)},purpose ${btoa("sealed_part")}`;
    const headers = { ...TUS, "Upload-Length": this.part.length, "Upload-Metadata": told };
    const answer = await this.ask("POST", this.page.getAttribute("uploads"), { headers, signal });
    this.place = answer.headers.get("Location");
    return 0;
  }

  async standing(signal) {
    const answer = await this.ask("HEAD", this.place, { headers: TUS, signal });
    return Number(answer.headers.get("Upload-Offset"));
  }

  // XMLHttpRequest, because fetch does not tell how much has left.
  patch(signal, onBytes) {
    return new Promise((resolve, reject) => {
      const from = this.reached;
      const request = new XMLHttpRequest();
      const stop = () => request.abort();
      request.open("PATCH", this.place);
      const headers = { ...TUS, "Upload-Offset": from, "Content-Type": "application/offset+octet-stream" };
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = (event) => onBytes(from + event.loaded);
      request.onerror = request.onabort = request.ontimeout = () => reject(new Error("cut"));
      request.onload = () => {
        const fault = this.judge(request.status, request.responseText);
        if (fault) reject(fault);
        else resolve(Number(request.getResponseHeader("Upload-Offset")));
      };
      request.onloadend = () => signal?.removeEventListener("abort", stop);
      signal?.addEventListener("abort", stop);
      request.send(this.part.subarray(from, from + STRETCH));
    });
  }

  // Hand the finished upload over under the name of the part. Asking twice changes nothing.
  async take(signal) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.page.token, Accept: "application/json" };
    const body = JSON.stringify({ upload: this.place.split("/").pop() });
    await this.ask("POST", this.page.getAttribute("parts") + this.name, { headers, body, signal });
  }

  async ask(method, url, how) {
    const answer = await fetch(url, { method, credentials: "same-origin", ...how });
    const fault = answer.ok ? null : this.judge(answer.status, await answer.text());
    if (fault) throw fault;
    return answer;
  }

  judge(status, text) {
    if (status >= 200 && status < 300) return null;
    if (status === 401 || status === 403) return new Stopped(this.page.text("signed-out"), true);
    if (status === 507) return new Stopped(sentenceIn(text) || this.page.text("failed"), true); // no room for now
    if (status === 404 || status === 410) this.place = ""; // it expired or was taken: begin it anew
    const passes = status === 0 || status >= 500 || [404, 409, 410, 423, 429, 460].includes(status);
    return passes ? new Error(`status ${status}`) : new Stopped(sentenceIn(text) || this.page.text("failed"), false);
  }
}
