// @ts-check
import { find, make } from "./dom.js";
import { tokens } from "./highlight.js";

/** The source files behind a panel, one of them shown at a time, as the server that answers this page runs them. */
export class SourceView {
  #code;
  #buttons;
  #text;
  /** The file that is shown; "" while none is. */
  #shown = "";

  /** @param {ParentNode} panel */
  constructor(panel) {
    const root = find(panel, ".source", HTMLElement);
    this.#code = find(root, "pre", HTMLElement);
    this.#text = find(root, "code", HTMLElement);
    this.#buttons = /** @type {HTMLButtonElement[]} */ ([...root.querySelectorAll("button[data-file]")]);
    for (const button of this.#buttons) {
      button.addEventListener("click", () => this.#toggle(button.dataset["file"] ?? ""));
    }
  }

  /** Shows a file; a second call with the same one changes nothing. @param {string} file */
  show(file) {
    if (file === this.#shown) return;
    this.#mark(file);
    this.#load(file).then(
      (parts) => {
        // Another file may have been chosen while this one was on its way.
        if (file !== this.#shown) return;
        this.#text.replaceChildren(...parts);
        this.#code.scrollTop = 0;
      },
      () => {
        if (file === this.#shown)
          this.#text.textContent = "The source can't be read: the server does not answer.";
      },
    );
  }

  hide() {
    this.#mark("");
  }

  /** @param {string} file */
  #toggle(file) {
    if (file === this.#shown) this.hide();
    else this.show(file);
  }

  /** @param {string} file */
  #mark(file) {
    this.#shown = file;
    this.#code.hidden = file === "";
    for (const button of this.#buttons) {
      button.setAttribute("aria-expanded", String(button.dataset["file"] === file));
    }
  }

  /** @param {string} file @returns {Promise<Node[]>} */
  async #load(file) {
    const response = await fetch(`/source/${file}`);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    // Text nodes and elements, for the page's policy takes no markup from a string.
    return tokens((await response.text()).trimEnd()).map(({ kind, text }) =>
      kind === "plain" ? document.createTextNode(text) : make("span", `token-${kind}`, text),
    );
  }
}
