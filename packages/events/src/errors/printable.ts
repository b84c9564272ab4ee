/**
 * Control characters, line separators, and characters that change the direction of text: a terminal or a log would interpret
 * them.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text as one line that is safe to log. Characters that cannot be printed are written as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(unprintable, (point) => `\\u{${Number(point.codePointAt(0)).toString(16)}}`);
}
