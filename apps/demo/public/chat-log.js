// @ts-check
import { find, make } from "./dom.js";
import { formatTime } from "./format.js";

const capacity = 200;
/** So near to the end counts as being there. In CSS pixels. */
const nearEnd = 40;

/** What was said and who came and went, oldest first; follows the end while its reader is there. */
export class ChatLog {
  #scroller;
  #list;
  #empty;
  /** Who spoke last, so that a name stands once over all that it says. */
  #speaker = "";

  /** @param {ParentNode} root */
  constructor(root) {
    this.#scroller = find(root, ".messages", HTMLElement);
    this.#list = find(root, ".messages ol", HTMLOListElement);
    this.#empty = find(root, ".messages .empty", HTMLElement);
  }

  clear() {
    this.#speaker = "";
    this.#list.replaceChildren();
    this.#empty.hidden = false;
  }

  get isEmpty() {
    return this.#list.childElementCount === 0;
  }

  /** @param {string} text */
  note(text) {
    this.#speaker = "";
    this.#add(make("li", "note", text));
  }

  /** A rule across the messages, at the place where some may be missing. @param {string} text */
  gap(text) {
    this.#speaker = "";
    this.#add(make("li", "gap", text));
  }

  /**
   * Keeps the place behind what is there for a rule of which it is not known yet what it says. What is given tells it; with ""
   * there is none.
   */
  keepPlace() {
    this.#speaker = "";
    const rule = make("li", "away");
    rule.hidden = true;
    this.#list.append(rule);
    return (/** @type {string} */ text) => {
      rule.textContent = text;
      rule.hidden = text === "";
      if (rule.hidden) rule.remove();
      else this.#empty.hidden = true;
    };
  }

  /**
   * @param {{ readonly name: string, readonly text: string, readonly at: string }} message
   * @param {boolean} isOwn
   */
  said({ name, text, at }, isOwn) {
    const item = make("li", isOwn ? "said own" : "said");
    const follows = this.#speaker === name;
    const head = make("p", follows ? "visually-hidden" : "speaker");
    const time = make("time", "", formatTime(new Date(at), { ms: false }));
    time.setAttribute("datetime", at);
    head.append(make("b", "", name), " ", time);
    item.append(head, make("p", "text", text));
    this.#speaker = name;
    this.#add(item);
  }

  /** @param {HTMLElement} item */
  #add(item) {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const isAtEnd = scrollHeight - clientHeight - scrollTop < nearEnd;
    this.#empty.hidden = true;
    this.#list.append(item);
    while (this.#list.childElementCount > capacity) this.#list.firstElementChild?.remove();
    if (isAtEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}
