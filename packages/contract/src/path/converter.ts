/** Converts a piece of a path to a value and back. */
export interface Converter<T = unknown> {
  /**
   * The value of `text`, or `undefined` where it has none, and then the path does not match. `text` has at least one
   * character and no "/". This function must not throw, and must always give the same answer.
   */
  parse(text: string): T | undefined;
  /** The text of `value`. `parse` must accept it. */
  format(value: T): string;
  /**
   * All characters that the text may contain; if this is absent, any but "/". A text with another character is not parsed.
   * Where it is given, a literal may follow the parameter in the same segment: `<hex:a>.<hex:b>`.
   */
  readonly characters?: string | undefined;
}

/** Converters by the names that patterns use. */
export type Converters = Readonly<Record<string, Converter>>;

/** The built-in converters. Source: Django, "Path converters". */
export interface BuiltInConverters {
  readonly str: Converter<string>;
  readonly int: Converter<number>;
  readonly slug: Converter<string>;
  readonly uuid: Converter<string>;
  readonly path: Converter<string>;
}

const digits = "0123456789";
const lower = "abcdefghijklmnopqrstuvwxyz";
/** The number in the digits of `text` from `from` up to `to`. */
export function readInteger(text: string, from: number, to: number): number | undefined {
  let value = from === to ? Number.NaN : 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A UUID from a text that contains only its characters: RFC 9562 §4. */
function parseUuid(text: string): string | undefined {
  const isUuid =
    text.length === 36 &&
    text.indexOf("-") === 8 &&
    text.indexOf("-", 9) === 13 &&
    text.indexOf("-", 14) === 18 &&
    text.indexOf("-", 19) === 23 &&
    text.indexOf("-", 24) === -1;
  return isUuid ? text : undefined;
}

const same = (text: string): string => text;

export const builtIn: BuiltInConverters = {
  str: { parse: same, format: same },
  int: { parse: (text) => readInteger(text, 0, text.length), format: String, characters: digits },
  slug: { parse: same, format: same, characters: `${lower}${lower.toUpperCase()}${digits}-_` },
  uuid: { parse: parseUuid, format: same, characters: `${digits}abcdef-` },
  path: { parse: same, format: same },
};

/** The converters that accept every text made of their characters. */
const total: ReadonlySet<Converter> = new Set<Converter>([builtIn.str, builtIn.slug, builtIn.path]);

/** Whether `converter` may contain every character of `text`. */
export function mayHold(converter: Converter, text: string): boolean {
  const { characters } = converter;
  if (characters === undefined) return true;
  for (const character of text) if (!characters.includes(character)) return false;
  return true;
}

/** The value of `text`; `undefined` where the converter does not accept it. */
export function read(converter: Converter, text: string): unknown {
  return text !== "" && mayHold(converter, text) ? converter.parse(text) : undefined;
}

/** The text of `value`; `undefined` where the converter would not accept that text again. */
export function write(converter: Converter, value: unknown): string | undefined {
  const text: unknown = converter.format(value);
  if (typeof text !== "string" || !text.isWellFormed()) return undefined;
  if (text.includes("/") && converter !== builtIn.path) return undefined;
  return read(converter, text) === undefined ? undefined : text;
}

/**
 * Whether `converter` accepts every text made of `pieces`, at least one of which is a converter. The result may be `false`
 * although it does, because what a converter accepts cannot be looked into; `true` is always right.
 */
export function takesEvery(converter: Converter, pieces: readonly (string | Converter)[]): boolean {
  if (pieces.length === 1 && pieces[0] === converter) return true;
  return total.has(converter) && pieces.every((piece) => stayWithin(converter, piece));
}

function stayWithin(converter: Converter, piece: string | Converter): boolean {
  const characters = typeof piece === "string" ? piece : piece.characters;
  return characters === undefined ? converter.characters === undefined : mayHold(converter, characters);
}
