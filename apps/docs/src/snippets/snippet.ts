/** An example of a page: a block of TypeScript or JavaScript. */
export interface Snippet {
  /** The page's name. */
  readonly page: string;
  /** The line of the page on which the block begins, from 1 on. */
  readonly line: number;
  /** The file that the page calls it, as `server.ts`; other blocks of the page import it by that name. */
  readonly file: string | undefined;
  /** What the page hides in front of the block. */
  readonly before: string;
  /** What a reader sees. */
  readonly shown: string;
  /** What is compiled and run: the block, with what the page hides in front of it and behind it. */
  readonly code: string;
  /** Why it is not run; `undefined` where it is. */
  readonly notRun: string | undefined;
}

/** The words that a page has for what it hides, each in a comment of HTML beside a block. */
const hiddenBefore = /<!-- before\n((?:(?!-->)[\s\S])*)-->\s*$/;
const hiddenAfter = /^\s*<!-- after\n([\s\S]*?)-->/;
const notRun = /<!-- not run: ([^>]*?) -->\s*$/;

const block = /^( *)```(ts|js|tsx|jsx|typescript|javascript)\b([^\n]*)\n([\s\S]*?)^\1```$/gm;

/** In a README, a block of JavaScript is an excerpt of a program that is left to the reader. */
const excerpt = "an excerpt, in JavaScript for that reason";

/**
 * Every example of a page. A block is a program of its own. Right in front of it, `<!-- before … -->` holds code that it
 * needs and that a reader does not, right behind it `<!-- after … -->` the assertions that the text makes in words, and
 * `<!-- not run: why -->` says why it can't be run.
 */
export function snippetsOf(page: string, markdown: string): readonly Snippet[] {
  return [...markdown.matchAll(block)].map((match) => {
    const [whole, indent = "", language = "", info = "", body = ""] = match;
    const above = markdown.slice(0, match.index);
    const below = markdown.slice(match.index + whole.length);
    const lines = body.split("\n").map((line) => line.slice(indent.length));
    const before = hiddenBefore.exec(above)?.[1] ?? "";
    const shown = lines.join("\n");
    const code = [before, shown, hiddenAfter.exec(below)?.[1] ?? ""].join("\n");
    return {
      page,
      line: above.split("\n").length,
      file: /\[([\w./-]+\.ts)\]/.exec(info)?.[1],
      before,
      shown,
      code,
      notRun: notRun.exec(above)?.[1] ?? (/^j/.test(language) ? excerpt : undefined),
    };
  });
}
