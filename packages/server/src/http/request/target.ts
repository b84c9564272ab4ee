/** A request target, taken apart. */
export interface Target {
  /** The path, percent-decoded as UTF-8, without the query. */
  readonly path: string;
  /** The path as it was sent, without the query. */
  readonly rawPath: string;
  /** The query as it was sent, without `?`. */
  readonly queryString: string;
}

/** The origin form of an absolute target. The host in it is ignored. RFC 9112 §3.2.2. */
function originForm(target: string): string {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target);
  if (absolute === null) return target;
  const rest = target.slice(absolute[0].length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** A segment that another program would resolve, as `URL` does, or take for a folder. */
const dotSegment = /[/\\]\.{1,2}(?:[/\\]|$)/;

/** Whether all programs read the same path: none takes it for a host (`//`) or for another file (`..`). */
function isPlain(path: string): boolean {
  return !path.includes("\0") && !path.startsWith("//") && !dotSegment.test(path);
}

/**
 * Reads a request target. It gives `undefined` for a target that has no path (`*`), a fragment or a raw backslash (which
 * `URL` reads as a slash), or that is not percent-encoded UTF-8; and for a path that holds a NUL, begins with `//` or has a
 * segment `.` or `..`, encoded or not.
 */
export function parseTarget(target: string): Target | undefined {
  const whole = originForm(target);
  const mark = whole.indexOf("?");
  const rawPath = mark < 0 ? whole : whole.slice(0, mark);
  const queryString = mark < 0 ? "" : whole.slice(mark + 1);
  if (!rawPath.startsWith("/") || rawPath.startsWith("//") || /#|^[^?]*\\/.test(whole)) return undefined;
  try {
    const path = rawPath.includes("%") ? decodeURIComponent(rawPath) : rawPath;
    return isPlain(path) ? { path, rawPath, queryString } : undefined;
  } catch {
    return undefined;
  }
}
