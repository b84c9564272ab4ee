import { afterAll, expect } from "vitest";
import { standardError } from "./logging/standard-error.js";
import type { Logger } from "./session/logger.js";

// Whatever any test of this package makes a server log, though nobody listens, is read at the end of its file: no
// secret of a request may be in it, and no control character that could forge a line.

// The files of a worker share the module of the default logger, so its methods are put back after each of them.
const lines: string[] = [];
const own = { ...standardError };

/** As a naive logger writes it; an application's own error is the operator's to read, and is left out. */
function write(level: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const { error: _error, ...rest } = fields;
  lines.push(`${level} ${message} ${JSON.stringify(rest)}`);
}

const levels = ["debug", "info", "warn", "error"] as const satisfies readonly (keyof Logger)[];
for (const level of levels) {
  standardError[level] = (message, fields) => write(level, message, fields);
}

afterAll(() => {
  Object.assign(standardError, own);
  const forbidden = /s[e3]cret|token=|cookie|authorization|bearer|\?[a-z_]+=|\n\s+at |node_modules|\p{Cc}/iu;
  expect(lines.filter((line) => forbidden.test(line))).toEqual([]);
});
