import { builtIn } from "@ws/contract/path";
import { concatParts, type Part } from "../pattern/pattern.js";
import { type Shape, shapeOf } from "./shape.js";

/** What is between two "/" of a pattern. A segment with a `path` parameter extends to the end of the pattern. */
export interface Segment {
  readonly parts: readonly Part[];
  readonly shape: Shape | string;
  /** Whether it is the last segment and may contain "/". */
  readonly isCatchAll: boolean;
}

function segment(parts: readonly Part[], isCatchAll: boolean): Segment {
  return { parts, shape: shapeOf(parts), isCatchAll };
}

/** The segments of a pattern: `/a/` has two, `"a"` and `""`; the empty pattern has none. */
export function segmentsOf(parts: readonly Part[]): readonly Segment[] {
  const segments: Segment[] = [];
  let open: Part[] = [];
  for (const [index, part] of parts.entries()) {
    if (typeof part !== "string") {
      open.push(part);
      if (part.converter === builtIn.path)
        return [...segments, segment([...open, ...parts.slice(index + 1)], true)];
      continue;
    }
    for (const [nth, text] of part.split("/").entries()) {
      // The first "/" ends no segment, because every pattern begins with one.
      if (nth > 0 && (index > 0 || nth > 1)) {
        segments.push(segment(open, false));
        open = [];
      }
      if (text !== "") open.push(text);
    }
  }
  return parts.length === 0 ? [] : [...segments, segment(open, false)];
}

/** The shape of the rest of a path, with "/" between its segments. */
export function remainderOf(segments: readonly Segment[]): Shape | string {
  return shapeOf(
    concatParts(segments.flatMap(({ parts }, index) => (index === 0 ? parts : ["/", ...parts]))),
  );
}

/** A pattern without its trailing "/", if it has one. */
export function withoutTrailingSlash(parts: readonly Part[]): readonly Part[] {
  const last = parts.at(-1);
  if (typeof last !== "string" || !last.endsWith("/")) return parts;
  return concatParts([...parts.slice(0, -1), last.slice(0, -1)]);
}
