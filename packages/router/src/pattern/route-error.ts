import { errorHelp } from "@ws/events/checks";

/** How much of a pattern is shown on either side of the caret. */
const window = 60;

/** The part of the pattern around `at`, on one line, with a caret below that position. */
function excerpt(pattern: string, at: number): string {
  const start = Math.max(0, at - window);
  const head = start > 0 ? "…" : "";
  const tail = at + window < pattern.length ? "…" : "";
  const shown = pattern.slice(start, at + window).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "·");
  return `  ${head}${shown}${tail}\n  ${" ".repeat(head.length + at - start)}^`;
}

/**
 * A route that cannot exist: its pattern is invalid, or no path would ever reach it. It is thrown while routes are declared,
 * never while a path is resolved. The message shows the pattern with a caret below the position.
 */
export class RouteError extends TypeError {
  override readonly name: string = "RouteError";
  readonly code = "ERR_WS_ROUTE" as const;
  /** A link to the explanation of its code. */
  readonly help: string = errorHelp("ERR_WS_ROUTE");
  /** The whole pattern, with the prefixes of `include`. */
  readonly pattern: string;
  /** The position in the pattern, in UTF-16 units. */
  readonly at: number;

  constructor(pattern: string, at: number, problem: string) {
    super(`${problem}\n${excerpt(pattern, at)}`);
    this.pattern = pattern;
    this.at = at;
  }
}
