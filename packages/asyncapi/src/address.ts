import { builtIn, type Converter } from "@ws/contract/path";
import { type Route, websocket } from "@ws/router";
import type { JsonSchema, Parameter } from "./document.js";

type Parts = Route["parts"];

/** The values of a parameter, in words and as a regular expression. */
interface Kind {
  readonly words: string;
  readonly expression: string;
}

/** The values of a parameter, by the name of its converter in patterns. */
const kinds: Readonly<Record<keyof typeof builtIn, Kind>> = {
  str: { words: "any text without a slash", expression: "[^/]+" },
  int: { words: "a whole number, in decimal", expression: "[0-9]+" },
  slug: { words: "letters, digits, - and _", expression: "[A-Za-z0-9_-]+" },
  uuid: { words: "a UUID in lower case", expression: "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}" },
  path: { words: "the rest of the path, slashes included", expression: ".+" },
};

const kindOfBuiltIn = new Map<Converter, Kind>(
  Object.entries(builtIn).map(([name, converter]) => [converter, kinds[name as keyof typeof builtIn]]),
);

/** What a converter of the application accepts is unknown here. */
const unknown: Kind = { words: "what the application's own converter takes", expression: "[^/]+" };

function kindOf(converter: Converter): Kind {
  return kindOfBuiltIn.get(converter) ?? unknown;
}

/** The view of a route that is only parsed and never served. */
const neverCalled: () => Promise<void> = Promise.resolve.bind(Promise);

/**
 * The parts of a pattern: literals and parameters.
 *
 * @throws {RouteError} for an invalid pattern.
 */
export function partsOf(pattern: string): Parts {
  return websocket(pattern as "/", neverCalled).parts;
}

/** A path in the form of AsyncAPI, `/chat/{room}/`. The literals are percent-encoded, as in a URL. */
export function addressOf(parts: Parts): string {
  const written = parts.map((part) =>
    typeof part === "string" ? part.split("/").map(encodeURIComponent).join("/") : `{${part.name}}`,
  );
  return written.join("");
}

/** The parameters of a path; `undefined` where it has none. */
export function parametersOf(parts: Parts): Readonly<Record<string, Parameter>> | undefined {
  const found = parts.flatMap((part) =>
    typeof part === "string" ? [] : [[part.name, { description: kindOf(part.converter).words }] as const],
  );
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/**
 * The names that a topic of a pattern may have on the wire.
 *
 * @throws {RouteError} for an invalid pattern.
 */
export function topicName(pattern: string): JsonSchema {
  const parts = partsOf(`/${pattern}`);
  if (parts.every((part) => typeof part === "string")) return { type: "string", const: pattern };
  const expression = parts.map((part) =>
    typeof part === "string" ? escaped(part) : kindOf(part.converter).expression,
  );
  return {
    type: "string",
    pattern: `^${expression.join("").slice(1)}$`,
    description: `a topic of ${pattern}`,
  };
}

function escaped(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
