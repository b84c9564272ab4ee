/** Controls, line separators, and what turns the direction of text: a terminal or a log would take them for its own. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text as one line that is safe to log; what can't be printed is written as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(unprintable, (point) => `\\u{${Number(point.codePointAt(0)).toString(16)}}`);
}
