// @ts-check
import { createSocket } from "@ws/client/socket";
import { webSocketAddress } from "./address.js";
import { Chart } from "./chart.js";
import { find } from "./dom.js";
import { formatSize, formatTrip } from "./format.js";
import { Frames } from "./frames.js";
import { RoundTrips } from "./round-trips.js";
import { SourceView } from "./source-view.js";
import { StateLine } from "./state-line.js";

/** The server's limit for one message, in bytes. */
const maxPayload = 1_048_576;
/** With so many echoes outstanding the clock sends no more. */
const maxOutstanding = 16;
const interval = 1_000;

const texts = { idle: "Idle", connecting: "Connecting", open: "Open", waiting: "", closed: "" };

/** The echo panel: sends, matches what comes back with what was sent, and shows both. */
class Echo {
  #section = find(document, "#echo", HTMLElement);
  #frames = new Frames(this.#section);
  #chart = new Chart(this.#section);
  #trips = new RoundTrips();
  /** When each message was sent that has not come back; the server keeps the order. @type {number[]} */
  #outstanding = [];
  #problem = find(this.#section, "#echo-problem", HTMLElement);
  #ticking = find(this.#section, "#ticking", HTMLInputElement);
  #source = new SourceView(this.#section);
  #line = new StateLine(this.#section, () => this.#socket.retry());
  #address = webSocketAddress(location, "/ws/");
  #socket = createSocket(this.#address);

  start() {
    find(this.#section, ".address", HTMLElement).textContent = this.#address;
    this.#chart.draw([], 0);
    this.#source.show("echo.ts");
    this.#listen();
    setInterval(() => this.#tick(), interval);
    this.#socket.onState((state) => {
      this.#outstanding = [];
      this.#line.show(state, texts[state.phase]);
      if (state.phase === "open") this.#tick();
    });
    void this.#receive();
  }

  async #receive() {
    for await (const data of this.#socket) this.#received(data);
  }

  #listen() {
    const form = find(this.#section, "#send-form", HTMLFormElement);
    const message = find(form, "#message", HTMLInputElement);
    const file = find(form, "#file", HTMLInputElement);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#sendChoice(message.value)) message.value = "";
    });
    file.addEventListener("change", () => {
      const [chosen] = file.files ?? [];
      if (chosen !== undefined) this.#sendFile(chosen).catch(() => this.#tell("The file can't be read."));
      // So that the same file can be chosen again.
      file.value = "";
    });
  }

  #tick() {
    const isWaiting = this.#outstanding.length >= maxOutstanding;
    if (this.#ticking.checked && !isWaiting) this.#send("hello");
  }

  /** @param {File} file */
  async #sendFile(file) {
    if (file.size > maxPayload) {
      return this.#tell(
        `${file.name} has ${formatSize(file.size)}; the server takes up to ${formatSize(maxPayload)}.`,
      );
    }
    this.#sendChoice(new Uint8Array(await file.arrayBuffer()));
  }

  /**
   * Sends what the reader chose. What an earlier choice was refused for is settled then; a "hello" of the clock does not
   * settle it, or nobody could read it.
   *
   * @param {string | Uint8Array} data
   * @returns {boolean} whether it went out
   */
  #sendChoice(data) {
    const isSent = this.#send(data);
    this.#tell(isSent ? "" : "Not connected; nothing was sent.");
    return isSent;
  }

  /** @param {string | Uint8Array} data @returns {boolean} whether it went out */
  #send(data) {
    if (this.#socket.state.phase !== "open") return false;
    this.#frames.sent(data);
    this.#outstanding.push(performance.now());
    // One that waits for a socket with room is as good as sent: the server keeps the order. A loss is told by the state.
    this.#socket.send(data).catch(() => {});
    return true;
  }

  /** @param {string | Uint8Array} data */
  #received(data) {
    const now = performance.now();
    const trip = now - (this.#outstanding.shift() ?? now);
    this.#frames.received(data, trip);
    this.#trips.add(trip);
    const { kept, summary } = this.#trips;
    if (summary === undefined) return;
    this.#chart.draw(kept, summary.p95);
    this.#figure("#last", formatTrip(summary.last));
    for (const name of /** @type {const} */ (["median", "p95", "slowest"])) {
      this.#figure(`#${name}`, `${formatTrip(summary[name])} ms`);
    }
    this.#figure("#count", String(summary.count));
  }

  /** @param {string} selector @param {string} text */
  #figure(selector, text) {
    find(this.#section, selector, HTMLElement).textContent = text;
  }

  /** @param {string} problem "" for none */
  #tell(problem) {
    if (this.#problem.textContent !== problem) this.#problem.textContent = problem;
  }
}

export function startEcho() {
  new Echo().start();
}
