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

/**
 * Reads a request target. `undefined` for one that has no path (`*`), has an empty first segment (`//`, so that no
 * later reader can take it for a host), a fragment or a NUL, or is not percent-encoded UTF-8. Dots are not resolved.
 */
export function parseTarget(target: string): Target | undefined {
  const whole = originForm(target);
  const mark = whole.indexOf("?");
  const rawPath = mark < 0 ? whole : whole.slice(0, mark);
  const queryString = mark < 0 ? "" : whole.slice(mark + 1);
  if (!rawPath.startsWith("/") || rawPath.startsWith("//") || whole.includes("#")) return undefined;
  try {
    const path = rawPath.includes("%") ? decodeURIComponent(rawPath) : rawPath;
    return path.includes("\0") || path.startsWith("//") ? undefined : { path, rawPath, queryString };
  } catch {
    return undefined;
  }
}
