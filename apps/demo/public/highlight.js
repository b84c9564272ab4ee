// @ts-check

/**
 * What a piece of source is, as far as a reader's eye cares.
 *
 * @typedef {"plain" | "comment" | "string" | "keyword" | "number" | "type"} TokenKind
 */

const keywords =
  "as|async|await|break|case|catch|class|const|continue|default|else|export|extends|finally|for|from|function|get|if|" +
  "import|in|instanceof|interface|let|new|null|of|private|readonly|return|set|static|switch|this|throw|true|false|try|" +
  "type|typeof|undefined|void|while|yield";

/** The alternatives are tried in this order at each place, so that a keyword within a comment stays a comment. */
const pattern = new RegExp(
  [
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?\*\/)/,
    /(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)/,
    new RegExp(`(?<keyword>\\b(?:${keywords})\\b)`),
    /(?<number>\b\d[\d_]*(?:\.\d+)?\b)/,
    /(?<type>\b[A-Z]\w*)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/**
 * Cuts TypeScript into pieces to be coloured. Joined again they are the source, character for character. It is no
 * parser: a word is judged by its looks alone, which is enough for the files that this page shows.
 *
 * @param {string} source
 * @returns {{ readonly kind: TokenKind, readonly text: string }[]}
 */
export function tokens(source) {
  /** @type {{ kind: TokenKind, text: string }[]} */
  const found = [];
  let end = 0;
  for (const match of source.matchAll(pattern)) {
    if (match.index > end) found.push({ kind: "plain", text: source.slice(end, match.index) });
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
    found.push({ kind: /** @type {TokenKind} */ (kind), text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < source.length) found.push({ kind: "plain", text: source.slice(end) });
  return found;
}
