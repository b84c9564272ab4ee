import type { Schema } from "@ws/contract";
import type { JsonSchema } from "./document.js";

/** Who sends what a schema describes: of a client it is the schema's input, of the server its output (`docs/wire.md`). */
export type Sender = "client" | "server";

/** Where a schema stands, as errors name it. */
export interface SchemaPlace {
  /** The channel's pattern. */
  readonly channel: string;
  /** The message, request or topic, as `requests.say.output`. */
  readonly part: string;
  readonly sender: Sender;
}

/** Gives the JSON Schema (draft 7) of a schema that has none, or can't make one; `undefined` where it can't either. */
export type Convert = (schema: Schema, place: SchemaPlace) => JsonSchema | undefined;

/** Standard JSON Schema, version 1: what a schema has beside `validate`. */
interface Converter {
  readonly input: (options: { readonly target: string }) => JsonSchema;
  readonly output: (options: { readonly target: string }) => JsonSchema;
}

/** AsyncAPI's own schemas are a superset of this draft. */
const target = "draft-07";

function converterOf(schema: Schema): Partial<Converter> | undefined {
  const standard = schema["~standard"] as { readonly jsonSchema?: Partial<Converter> } | undefined;
  return standard?.jsonSchema;
}

function placeName({ channel, part }: SchemaPlace): string {
  return `asyncapi: ${JSON.stringify(channel.slice(0, 128))}: ${part.slice(0, 300)}`;
}

/**
 * The JSON Schema of what travels.
 *
 * @throws {TypeError} for a schema that has no Standard JSON Schema, or can't be said in JSON Schema.
 */
export function jsonSchemaOf(schema: Schema, place: SchemaPlace, convert: Convert): JsonSchema {
  const way = place.sender === "client" ? "input" : "output";
  const own = convert(schema, place);
  if (own !== undefined) return own;
  const make = converterOf(schema)?.[way];
  if (typeof make !== "function") {
    throw new TypeError(
      `${placeName(place)}: expected a schema with Standard JSON Schema (zod 4.2, arktype 2.1.28 or newer, valibot by ` +
        'toStandardJsonSchema of "@valibot/to-json-schema"), got one without "~standard".jsonSchema. Likely mistake: an older ' +
        "version of the library; else give the option `convert`.",
    );
  }
  try {
    return make({ target });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new TypeError(
      `${placeName(place)}: expected a schema whose ${way} can be said in JSON Schema: ${said.slice(0, 400)}. Likely mistake: ` +
        "a transform whose result has no schema of its own (pipe it into one), or a value that JSON has no word for; " +
        "else give the option `convert`.",
      { cause: error },
    );
  }
}

/** The keywords whose values are data, and hold no schemas. */
const data: ReadonlySet<string> = new Set(["const", "default", "enum", "examples"]);
/** The keywords whose values are schemas by names, which may be any. */
const named: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "definitions",
  "$defs",
  "dependencies",
]);

/**
 * A schema that stands at `pointer` in a document rather than by itself: its references lead there. What names it as a
 * document of its own is left out.
 */
export function placedAt(pointer: string, schema: JsonSchema): JsonSchema {
  const { $schema: _draft, $id: _name, ...rest } = schema;
  return moved(rest, pointer) as JsonSchema;
}

function moved(value: unknown, pointer: string): unknown {
  if (Array.isArray(value)) return value.map((each) => moved(each, pointer));
  if (typeof value !== "object" || value === null) return value;
  return mapValues(value, (key, inner) => {
    if (key === "$ref" && typeof inner === "string") return inner.replace(/^#/, pointer);
    if (data.has(key)) return inner;
    return named.has(key) && typeof inner === "object" && inner !== null
      ? mapValues(inner, (_, each) => moved(each, pointer))
      : moved(inner, pointer);
  });
}

function mapValues(object: object, change: (key: string, value: unknown) => unknown): JsonSchema {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(key, value)]));
}
