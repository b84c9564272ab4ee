import { printable } from "@ws/events";

/** The beginning of a text, at most `most` UTF-16 units long, as one line that is safe to log. */
export function oneLine(text: string, most: number): string {
  return printable(text.slice(0, most)).slice(0, most).toWellFormed();
}
