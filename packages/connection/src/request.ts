import { headerValues, type RequestScope } from "@ws/events";
import { parseCookie } from "cookie";

/** The platform's `Headers`, which may only be read. */
export type ReadonlyHeaders = Omit<Headers, "append" | "delete" | "set">;

/** The request's header lines as the platform's `Headers`: duplicates joined with ", ". */
export function readHeaders(scope: RequestScope<unknown>): ReadonlyHeaders {
  const headers = new Headers();
  for (const [name, value] of scope.headers) headers.append(name, value);
  return headers;
}

/** The cookies of all Cookie lines by name, percent-decoded. The first cookie with a name counts. Source: RFC 6265 §5.4. */
export function readCookies({ headers }: RequestScope<unknown>): ReadonlyMap<string, string> {
  const cookies = parseCookie(headerValues(headers, "cookie").join("; "));
  // The parser's type allows for absent names, but a name that is there has a value.
  return new Map(Object.entries(cookies as Readonly<Record<string, string>>));
}
