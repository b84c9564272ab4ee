// @ts-check
import { find } from "./dom.js";

/** Marks the panel that the address names (`#chat`), the first where it names none. CSS hides the other on a narrow page. */
function choose() {
  const main = find(document, "main", HTMLElement);
  const panel = location.hash === "#chat" ? "chat" : "echo";
  main.dataset["panel"] = panel;
  for (const link of document.querySelectorAll(".panels a")) {
    if (link.getAttribute("href") === `#${panel}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  // The browser has scrolled to the panel while it was hidden, or below the links that stay on top.
  scrollTo(0, 0);
}

export function startPanels() {
  addEventListener("hashchange", choose);
  choose();
}
