import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diagrams } from "./diagrams.js";
import { pages } from "./places.js";

/** How a block of a page is shown. */
function show(info: string, content: string): string {
  const rules = { fence: (): string => "<pre>" };
  diagrams({ renderer: { rules } });
  const fence: (...given: unknown[]) => string = rules.fence;
  return fence([{ info, content }], 0);
}

test("a block in Mermaid is a drawing with each state, without a style sheet and an address of somebody else", () => {
  const page = readFileSync(join(pages, "endings.md"), "utf8");
  const [, mermaid = ""] = /```mermaid\n([\s\S]*?)```/.exec(page) ?? [];
  const shown = show("mermaid", mermaid);
  const texts = [...shown.matchAll(/>([^<>]+)<\/(?:text|tspan)>/g)].map(([, text]) => text);
  expect(texts).toEqual(expect.arrayContaining(["connecting", "denying", "connected", "disconnected"]));
  expect(shown).toMatch(/^<figure class="diagram" v-pre><svg /);
  expect(shown).not.toMatch(/<style|@import| style=/);
});

test("any other block is shown as it was", () => {
  expect(show("ts", "1;")).toBe("<pre>");
});
