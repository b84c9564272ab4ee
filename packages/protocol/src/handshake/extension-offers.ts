import { isToken } from "@ws/events";

/** One extension that a client offers, with its parameters in order. RFC 6455 §9.1. */
export interface ExtensionOffer {
  readonly name: string;
  /** A parameter without a value has `undefined`. */
  readonly parameters: readonly (readonly [name: string, value: string | undefined])[];
}

/**
 * Removes spaces and tabs at both ends. `trim` would also remove other characters, such as the no-break space of latin-1.
 */
function trimPadding(text: string): string {
  let start = 0;
  let end = text.length;
  while (text[start] === " " || text[start] === "\t") start += 1;
  while (end > start && (text[end - 1] === " " || text[end - 1] === "\t")) end -= 1;
  return text.slice(start, end);
}

/** Splits at each separator outside a quoted string, in linear time. RFC 9110 §5.6.4. */
function splitUnquoted(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted && character === "\\") at += 1;
    else if (!isQuoted && character === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map(trimPadding);
}

/** Reads a value, which is a token with or without quotes; `undefined` for anything else. */
function readValue(text: string): string | undefined {
  const quoted = /^"(.*)"$/.exec(text)?.[1];
  const value = quoted === undefined ? text : quoted.replace(/\\(.)/g, "$1");
  return isToken(value) ? value : undefined;
}

function readParameter(text: string): readonly [string, string | undefined] | undefined {
  const equals = text.indexOf("=");
  if (equals === -1) return isToken(text) ? [text, undefined] : undefined;
  const name = trimPadding(text.slice(0, equals));
  const value = readValue(trimPadding(text.slice(equals + 1)));
  return isToken(name) && value !== undefined ? [name, value] : undefined;
}

function readOffer(text: string): ExtensionOffer | undefined {
  const [name = "", ...rest] = splitUnquoted(text, ";");
  const parameters = rest.map(readParameter);
  return isToken(name) && parameters.every((parameter) => parameter !== undefined)
    ? { name, parameters }
    : undefined;
}

/**
 * Reads the well-formed offers in all `Sec-WebSocket-Extensions` lines, in order; `values` are the values of these lines. A
 * malformed offer is left out, so that only that offer is lost. RFC 6455 §9.1.
 */
export function readExtensionOffers(values: readonly string[]): ExtensionOffer[] {
  return values
    .flatMap((value) => splitUnquoted(value, ","))
    .map(readOffer)
    .filter((offer) => offer !== undefined);
}
