// @ts-check
import { webSocketAddress } from "./address.js";
import { ChatLog } from "./chat-log.js";
import { Conversation } from "./conversation.js";
import { find } from "./dom.js";
import { formatSpan } from "./format.js";
import { SourceView } from "./source-view.js";
import { StateLine } from "./state-line.js";
import { WhoIsHere } from "./who-is-here.js";

/** @typedef {import("@ws/client").State} State */

/**
 * The time since a connection was lost: when that was, how much has come that was said meanwhile, whether a gap was told, and
 * what fills its place among the messages.
 *
 * @typedef {{ readonly since: number, missed: number, isGap: boolean, readonly fill: (text: string) => void }} Away
 */

/** @type {State} */
const idle = { phase: "idle" };

/** The chat panel: a conversation, until its user leaves. */
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
  #messages = find(this.#section, ".messages", HTMLElement);
  #source = new SourceView(this.#section);
  #line = new StateLine(this.#section, () => this.#retry());
  #here = new WhoIsHere((name, move) => {
    if (name !== this.#self) this.#log.note(`${name} ${move}`);
  });
  /** @type {Conversation | undefined} */
  #conversation;
  /** @type {State} */
  #state = idle;
  /** The name that the server knows us by; "" while we have no seat. */
  #self = "";
  #hasJoined = false;
  /** @type {Away | undefined} */
  #away;

  start() {
    this.#showAddress();
    this.#source.show("chat.ts");
    this.#room.addEventListener("input", () => this.#showAddress());
    this.#joinForm.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#log.clear();
      this.#begin();
    });
    this.#leave.addEventListener("click", () => {
      this.#end();
      this.#name.focus();
    });
    this.#sayForm.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#say.value.trim() !== "") void this.#speak(this.#say.value);
    });
  }

  #showAddress() {
    this.#address.textContent = webSocketAddress(location, `/chat/${this.#room.value || "…"}/`);
  }

  #begin() {
    this.#problem.textContent = "";
    this.#hasJoined = false;
    this.#conversation = new Conversation(location, this.#room.value, this.#name.value, {
      onState: (state) => this.#moved(state),
      onSeated: (name) => this.#seated(name),
      onRefused: (problem) => {
        this.#end();
        this.#problem.textContent = problem;
      },
      onSaid: (message) => {
        if (this.#away) this.#away.missed += 1;
        this.#log.said(message, message.name === this.#self);
      },
      onGap: ({ missed }) => this.#gap(missed),
      onCaughtUp: () => this.#caughtUp(),
      onPresent: (names) => {
        this.#here.show(names);
        this.#render();
      },
    });
  }

  #end() {
    this.#conversation?.leave();
    this.#conversation = undefined;
    this.#away?.fill("");
    this.#away = undefined;
    this.#here.clear();
    this.#moved(idle);
  }

  /** What has come to its end is begun again. */
  #retry() {
    if (this.#state.phase === "closed") this.#begin();
    else this.#conversation?.retry();
  }

  /** @param {string} text */
  async #speak(text) {
    const conversation = this.#conversation;
    this.#say.value = "";
    const isSaid = await conversation?.say(text);
    if (conversation !== this.#conversation) return;
    this.#problem.textContent = isSaid ? "" : "That may not have reached the room.";
  }

  /** @param {State} state */
  #moved(state) {
    const isHandOver = state.phase === "open" && this.#state.phase === "open";
    if (state.phase === "waiting" && this.#self !== "") {
      this.#away ??= { since: Date.now(), missed: 0, isGap: false, fill: this.#log.keepPlace() };
    }
    this.#state = state;
    // The new connection took over from one that was open all the time.
    if (!isHandOver) this.#self = "";
    const isIdle = state.phase === "idle";
    this.#name.readOnly = this.#room.readOnly = !isIdle;
    this.#join.hidden = !isIdle;
    this.#leave.hidden = isIdle;
    this.#hint.hidden = !isIdle;
    this.#render();
  }

  /** @param {string} name */
  #seated(name) {
    if (this.#self !== "") return;
    this.#self = name;
    if (this.#hasJoined) this.#here.back();
    else this.#log.note(`You joined ${this.#room.value}`);
    this.#hasJoined = true;
    this.#render();
    // After a reconnect the reader may be busy elsewhere.
    const { activeElement } = document;
    if (activeElement === document.body || this.#section.contains(activeElement)) this.#say.focus();
  }

  /** @param {number | undefined} missed `undefined` where that can't be told */
  #gap(missed) {
    if (this.#away) this.#away.isGap = true;
    const since = this.#away ? `You were away for ${formatSpan(Date.now() - this.#away.since)}; ` : "";
    if (missed) this.#log.gap(`${since}${countOf(missed)} missing here`);
    else this.#log.gap(since ? `${since}something may be missing here` : "Something may be missing here");
  }

  /** Everything that was said meanwhile, and can be had, has come. */
  #caughtUp() {
    if (this.#away === undefined) return;
    const { since, missed, isGap, fill } = this.#away;
    this.#away = undefined;
    if (missed > 0) fill(`${countOf(missed)} while you were away`);
    else fill(isGap ? "" : `You were away for ${formatSpan(Date.now() - since)}; nothing was missed`);
  }

  /** Before anybody joined there are no messages to show, and the code has their place. @param {boolean} isEmpty */
  #makeRoom(isEmpty) {
    if (this.#section.hasAttribute("data-empty") === isEmpty) return;
    this.#section.toggleAttribute("data-empty", isEmpty);
    this.#messages.hidden = this.#sayForm.hidden = isEmpty;
    if (isEmpty) this.#source.show("chat.ts");
    else this.#source.hide();
  }

  /** What depends on whether we have a seat, and who else has. */
  #render() {
    const isIn = this.#self !== "";
    const isIdle = this.#state.phase === "idle";
    const waiting = this.#hasJoined ? "Rejoining" : "Joining";
    const { names } = this.#here;
    this.#makeRoom(isIdle && this.#log.isEmpty);
    if (isIn) this.#line.show(this.#state, `In ${this.#room.value} as ${this.#self}`);
    else this.#line.show(this.#state, isIdle ? "Not in a room" : waiting);
    this.#members.hidden = !isIn || names.length === 0;
    this.#members.textContent = `${names.length} here: ${names.join(", ")}`;
    this.#say.disabled = !isIn;
    this.#say.placeholder = isIn ? "Say something" : isIdle ? "Join a room to talk" : `${waiting} …`;
    find(this.#sayForm, "button", HTMLButtonElement).disabled = !isIn;
  }
}

/** @param {number} messages */
function countOf(messages) {
  return messages === 1 ? "1 message" : `${messages} messages`;
}

export function startChat() {
  new Chat().start();
}
