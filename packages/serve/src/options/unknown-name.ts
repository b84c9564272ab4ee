import { nearest } from "./nearest.js";
import { UsageError } from "./value.js";

/** The error for a name that is no option. It suggests the most similar known name. `kind` is a word such as `flag`. */
export function unknownName(kind: string, name: string, known: Iterable<string>): UsageError {
  const shown = name.slice(0, 64);
  const found = nearest(name, known);
  const hint = found === undefined ? "ws-serve --help lists them all" : `did you mean ${found}?`;
  return new UsageError(`${shown}: there is no such ${kind}; ${hint}`);
}
