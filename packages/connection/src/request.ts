import { headerValues, type RequestScope } from "@ws/events";
import { parseCookie } from "cookie";

/** A platform `Headers` that is only read. */
export type ReadonlyHeaders = Omit<Headers, "append" | "delete" | "set">;

/** The request's header lines as the platform's `Headers`: duplicates joined with ", ". */
export function readHeaders(scope: RequestScope<unknown>): ReadonlyHeaders {
  const headers = new Headers();
  for (const [name, value] of scope.headers) headers.append(name, value);
  return headers;
}

/** The cookies by name, percent-decoded, of every Cookie line; the first of a name wins. Source: RFC 6265 §5.4. */
export function readCookies({ headers }: RequestScope<unknown>): ReadonlyMap<string, string> {
  const cookies = parseCookie(headerValues(headers, "cookie").join("; "));
  // The parser's type speaks of absent names too; a name that is there has a value.
  return new Map(Object.entries(cookies as Readonly<Record<string, string>>));
}
