import type { Snippet } from "./snippet.js";

/** An import of names, as the formatter writes it. */
const named = /^import (?:type )?\{ ([^}]*) \} from "[^"]+";$/gm;

/** What a browser has by itself: a page of the reader's needs no import of it, the test of the page does. */
const global = new Set(["WebSocket"]);

/**
 * The names that a block uses and whose import its page hides: whoever copies the block does not know where they come from.
 * A block that stands inside of a function which the page hides can't import anything, and has none.
 */
export function hiddenImports({ before, shown }: Snippet): readonly string[] {
  const texts = /"[^"\n]*"|`[^`]*`/g;
  const hidden = before.replaceAll(texts, "");
  const count = (brackets: RegExp): number => hidden.match(brackets)?.length ?? 0;
  if (count(/[({]/g) !== count(/[)}]/g)) return [];
  const code = shown.replaceAll(/"[^"\n]*"|\/\/.*$|^import .*$/gm, "");
  return [...before.matchAll(named)]
    .flatMap(([, names = ""]) => names.split(", ").map((name) => name.replace(/^type /, "")))
    .filter((name) => !global.has(name) && new RegExp(`(?<![\\w.-])${name}(?![\\w:-])`).test(code));
}
