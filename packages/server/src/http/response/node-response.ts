import type { ServerResponse } from "node:http";

type Call = (...args: unknown[]) => unknown;
type Methods = Record<"end" | "write" | "writeHead", Call>;

/** The header names, in lower case, in all forms that `writeHead` takes: an object, a flat list, or a list of pairs. */
function namesOf(headers: unknown): string[] {
  const names = Array.isArray(headers)
    ? headers.flatMap((item, index) => (Array.isArray(item) ? [item[0]] : index % 2 === 0 ? [item] : []))
    : Object.keys(headers ?? {});
  return names.map((name) => String(name).toLowerCase());
}

function without(unwanted: string, headers: object): unknown {
  const isUnwanted = (name: unknown): boolean => String(name).toLowerCase() === unwanted;
  if (!Array.isArray(headers)) {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => !isUnwanted(name)));
  }
  if (Array.isArray(headers[0])) return headers.filter(([name]) => !isUnwanted(name));
  return headers.filter((_, index) => !isUnwanted(headers[index - (index % 2)]));
}

/**
 * Removes `transfer-encoding` where there is a `content-length`, because a message may have only one of them. RFC 9112 §6.2.
 */
function onlyLength(response: ServerResponse, args: unknown[]): unknown[] {
  const headers = args.find((arg): arg is object => typeof arg === "object" && arg !== null);
  const names = new Set([...namesOf(headers), ...response.getHeaderNames()]);
  if (!names.has("content-length") || !names.has("transfer-encoding")) return args;
  response.removeHeader("transfer-encoding");
  return args.map((arg) =>
    arg === headers && headers !== undefined ? without("transfer-encoding", headers) : arg,
  );
}

/**
 * Holds the body of a listener's response to its `content-length`. Node counts the bytes as well, and throws where they are
 * written: that is often in an event of a stream, where nobody catches the error, and it would end the process. So the
 * response is cut off instead, and the returned promise rejects with Node's error.
 */
export function heldToLength(response: ServerResponse): Promise<never> {
  response.strictContentLength = true;
  // The methods are replaced on the response itself, because Express changes its prototype.
  const methods = response as unknown as Methods;
  const { writeHead } = methods;
  methods.writeHead = (...args) => writeHead.apply(response, onlyLength(response, args));
  let isCut = false;
  return new Promise((_, reject) => {
    for (const name of ["write", "end"] as const) {
      const method = methods[name];
      const refused = name === "end" ? response : false;
      methods[name] = (...args) => {
        if (isCut) return refused;
        try {
          return method.apply(response, args);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ERR_HTTP_CONTENT_LENGTH_MISMATCH") throw error;
          isCut = true;
          // Bytes beyond the length may be written already, but they have not left yet.
          response.destroy();
          reject(error);
          return refused;
        }
      };
    }
  });
}
