// @ts-check
import { find } from "./dom.js";
import { formatScale } from "./format.js";
import { capacity, scaleTop } from "./round-trips.js";

const slot = 10;
const bar = 6;
const height = 100;
/** Under this a scale would show the clock's noise. In ms. */
const smallestTop = 0.5;

/** @param {string} name @param {Readonly<Record<string, number>>} attributes */
function shape(name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/**
 * Round trips as bars, the newest at the right. The scale fits all but the slowest twentieth: a bar that is above it is
 * cut and marked, so that one hiccup does not flatten the rest.
 */
export class Chart {
  #svg;
  #top;
  #middle;
  /** @type {SVGElement[]} */
  #bars = [];

  /** @param {ParentNode} root */
  constructor(root) {
    this.#svg = find(root, ".plot svg", SVGElement);
    this.#top = find(root, ".scale-top", HTMLElement);
    this.#middle = find(root, ".scale-middle", HTMLElement);
    this.#svg.setAttribute("viewBox", `0 0 ${capacity * slot} ${height}`);
    for (let index = 0; index < capacity; index += 1) {
      const x = index * slot + (slot - bar);
      this.#bars.push(shape("rect", { x, y: height, width: bar, height: 0 }));
    }
    this.#svg.replaceChildren(...this.#bars);
  }

  /**
   * @param {readonly number[]} trips in ms, oldest first
   * @param {number} p95 the 95th percentile of them, in ms
   */
  draw(trips, p95) {
    const top = scaleTop(Math.max(smallestTop, p95));
    [this.#top.textContent, this.#middle.textContent] = [formatScale(top), formatScale(top / 2)];
    const empty = capacity - trips.length;
    for (const [index, element] of this.#bars.entries()) {
      const trip = trips[index - empty];
      const size = trip === undefined ? 0 : Math.min(height, Math.max(1, (trip / top) * height));
      element.classList.toggle("over", trip !== undefined && trip > top);
      element.setAttribute("y", String(height - size));
      element.setAttribute("height", String(size));
    }
  }
}
