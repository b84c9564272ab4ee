// @ts-check
import { find, make } from "./dom.js";
import { formatSize, formatTime, formatTrip, preview } from "./format.js";

const capacity = 100;
const encoder = new TextEncoder();

/** @param {string | Uint8Array} data */
function sizeOf(data) {
  return typeof data === "string" ? encoder.encode(data).length : data.byteLength;
}

/** @param {boolean} isSent */
function directionCell(isSent) {
  const cell = make("td", "direction");
  const arrow = make("span", "", isSent ? "↑" : "↓");
  arrow.ariaHidden = "true";
  cell.append(arrow, make("span", "visually-hidden", isSent ? "sent" : "received"));
  return cell;
}

/** What went over the wire, newest first. */
export class Frames {
  #body;

  /** @param {ParentNode} root */
  constructor(root) {
    this.#body = find(root, ".frames tbody", HTMLTableSectionElement);
  }

  /** @param {string | Uint8Array} data */
  sent(data) {
    this.#add("sent", data, "");
  }

  /**
   * @param {string | Uint8Array} data
   * @param {number} trip in ms
   */
  received(data, trip) {
    this.#add("received", data, `${formatTrip(trip)} ms`);
  }

  /**
   * @param {"sent" | "received"} kind
   * @param {string | Uint8Array} data
   * @param {string} trip
   */
  #add(kind, data, trip) {
    const row = make("tr", kind);
    const content = make("td", typeof data === "string" ? "content" : "content binary");
    content.append(make("span", "", preview(data)));
    row.append(
      make("td", "time", formatTime(new Date(), { ms: true })),
      directionCell(kind === "sent"),
      content,
      make("td", "number size", formatSize(sizeOf(data))),
      make("td", "number trip", trip),
    );
    this.#body.prepend(row);
    while (this.#body.rows.length > capacity) this.#body.deleteRow(-1);
  }
}
