/** A request target, taken apart. */
export interface Target {
  /** Percent-decoded as UTF-8, without the query. */
  readonly path: string;
  /** As it came, without the query. */
  readonly rawPath: string;
  /** As it came, without `?`. */
  readonly queryString: string;
}

/** The origin form of an absolute one; its authority is of no account. RFC 9112 §3.2.2. */
function originForm(target: string): string {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target);
  if (absolute === null) return target;
  const rest = target.slice(absolute[0].length);
  return rest.startsWith("/") ? rest : `/${rest}`;
}

/** A segment that another reader would resolve (`URL` does) or take for a folder. */
const dotSegment = /[/\\]\.{1,2}(?:[/\\]|$)/;

/** Whether every reader sees the same in it, a host in front (`//`) or another file (`..`) included. */
function isPlain(path: string): boolean {
  return !path.includes("\0") && !path.startsWith("//") && !dotSegment.test(path);
}

/**
 * Reads a request target. `undefined` for one that has no path (`*`), a fragment or a raw backslash (which `URL` reads
 * as a slash), or is not percent-encoded UTF-8; and for a path that holds a NUL, begins with `//` or has a segment `.`
 * or `..`, encoded or not.
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
