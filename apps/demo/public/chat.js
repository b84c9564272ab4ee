// @ts-check
import { webSocketAddress } from "./address.js";
import { ChatLog } from "./chat-log.js";
import { find } from "./dom.js";
import { ReconnectingSocket } from "./reconnecting-socket.js";
import { StateLine } from "./state-line.js";

/** @typedef {import("./reconnecting-socket.js").SocketState} SocketState */

/**
 * What the server tells; "joined" also of ourselves.
 *
 * @typedef {{ type: "welcome", room: string, name: string, members: string[] }
 *   | { type: "joined" | "left", name: string, at: string }
 *   | { type: "said", name: string, text: string, at: string }
 *   | { type: "here", members: string[] }
 *   | { type: "missed" }
 *   | { type: "refused", problem: string }} ServerMessage
 */

/** The chat panel. Joined again by itself after a lost connection, until its user leaves. */
class Chat {
  #section = find(document, "#chat", HTMLElement);
  #log = new ChatLog(this.#section);
  #joinForm = find(this.#section, "#join-form", HTMLFormElement);
  #name = find(this.#joinForm, "#name", HTMLInputElement);
  #room = find(this.#joinForm, "#room", HTMLInputElement);
  #join = find(this.#joinForm, "button[type=submit]", HTMLButtonElement);
  #leave = find(this.#joinForm, "#leave", HTMLButtonElement);
  #hint = find(this.#joinForm, ".hint", HTMLElement);
  #sayForm = find(this.#section, "#say-form", HTMLFormElement);
  #say = find(this.#sayForm, "#say", HTMLInputElement);
  #members = find(this.#section, ".members", HTMLElement);
  #address = find(this.#section, ".address", HTMLElement);
  #problem = find(this.#section, "#chat-problem", HTMLElement);
  /** The name that the server knows us by; "" while we are in no room. */
  #self = "";
  /** @type {Set<string>} */
  #present = new Set();
  #line = new StateLine(this.#section, () => this.#socket.retry());
  #socket = new ReconnectingSocket({
    onState: (state) => this.#moved(state),
    onMessage: (data) => this.#told(JSON.parse(String(data))),
  });

  start() {
    const show = () => {
      const address = webSocketAddress(location, `/chat/${this.#room.value || "…"}/`);
      this.#address.textContent = address;
      return address;
    };
    show();
    this.#room.addEventListener("input", show);
    this.#joinForm.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#log.clear();
      this.#socket.start(show());
    });
    this.#leave.addEventListener("click", () => {
      this.#socket.stop();
      this.#name.focus();
    });
    this.#sayForm.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#say.value.trim() === "") return;
      this.#send({ type: "say", text: this.#say.value });
      this.#say.value = "";
    });
  }

  /** @param {object} message */
  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }

  /** @param {SocketState} state */
  #moved(state) {
    this.#self = "";
    this.#present.clear();
    this.#problem.textContent = "";
    this.#render();
    const isIdle = state.phase === "idle";
    this.#line.show(state, isIdle ? "Not in a room" : "Joining");
    this.#name.readOnly = this.#room.readOnly = !isIdle;
    this.#join.hidden = !isIdle;
    this.#leave.hidden = isIdle;
    this.#hint.hidden = !isIdle;
    if (state.phase === "open") this.#send({ type: "join", name: this.#name.value });
  }

  /** @param {ServerMessage} message */
  #told(message) {
    if (message.type === "welcome") this.#welcomed(message);
    else if (message.type === "refused") this.#refused(message.problem);
    else if (message.type === "said") this.#log.said(message, message.name === this.#self);
    else if (message.type === "here") this.#counted(message.members);
    else if (message.type === "missed") this.#log.note("Something may not have come");
    else if (message.name !== this.#self) this.#moves(message);
  }

  /** @param {{ type: "joined" | "left", name: string }} message */
  #moves({ type, name }) {
    this.#log.note(`${name} ${type}`);
    if (type === "joined") this.#present.add(name);
    else this.#present.delete(name);
    this.#render();
  }

  /** @param {string[]} members */
  #counted(members) {
    this.#present = new Set(members);
    this.#render();
  }

  /** @param {{ room: string, name: string, members: string[] }} message */
  #welcomed({ room, name, members }) {
    this.#self = name;
    this.#counted(members);
    this.#line.show({ phase: "open" }, `In ${room} as ${name}`);
    this.#log.note(`You joined ${room}`);
    // After a reconnect the reader may be busy elsewhere.
    const { activeElement } = document;
    if (activeElement === document.body || this.#section.contains(activeElement)) this.#say.focus();
  }

  /** @param {string} problem */
  #refused(problem) {
    if (this.#self === "") this.#socket.stop();
    this.#problem.textContent = problem;
  }

  /** What depends on whether we are in a room, and who else is. */
  #render() {
    const isIn = this.#self !== "";
    const names = [...this.#present];
    this.#members.hidden = !isIn;
    this.#members.textContent = `${names.length} here: ${names.join(", ")}`;
    this.#say.disabled = !isIn;
    this.#say.placeholder = isIn ? "Say something" : "Join a room to talk";
    find(this.#sayForm, "button", HTMLButtonElement).disabled = !isIn;
  }
}

export function startChat() {
  new Chat().start();
}
