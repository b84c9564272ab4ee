import type { Schema } from "@ws/contract";
import type { JsonSchema } from "./document.js";

/**
 * Who sends the value that a schema describes: for a client it is the schema's input, for the server its output
 * (`docs/wire.md`).
 */
export type Sender = "client" | "server";

/** The place of a schema, as errors name it. */
export interface SchemaPlace {
  /** The pattern of the channel. */
  readonly channel: string;
  /** The message, request or topic, such as `requests.say.output`. */
  readonly part: string;
  readonly sender: Sender;
}

/** Returns the JSON Schema (draft 7) for a schema that has none or cannot make one; `undefined` where it cannot either. */
export type Convert = (schema: Schema, place: SchemaPlace) => JsonSchema | undefined;

/** Standard JSON Schema, version 1: what a schema has in addition to `validate`. */
interface Converter {
  readonly input: (options: { readonly target: string }) => JsonSchema;
  readonly output: (options: { readonly target: string }) => JsonSchema;
}

/** The schemas of AsyncAPI are a superset of this draft. */
const target = "draft-07";

function converterOf(schema: Schema): Partial<Converter> | undefined {
  const standard = schema["~standard"] as { readonly jsonSchema?: Partial<Converter> } | undefined;
  return standard?.jsonSchema;
}

function placeName({ channel, part }: SchemaPlace): string {
  return `asyncapi: ${JSON.stringify(channel.slice(0, 128))}: ${part.slice(0, 300)}`;
}

/**
 * The JSON Schema of a value as it is sent.
 *
 * @throws {TypeError} for a schema that has no Standard JSON Schema, or that cannot be expressed in JSON Schema.
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

/** The keywords whose values are data and contain no schemas. */
const data: ReadonlySet<string> = new Set(["const", "default", "enum", "examples"]);
/** The keywords whose values are schemas by arbitrary names. */
const named: ReadonlySet<string> = new Set([
  "properties",
  "patternProperties",
  "definitions",
  "$defs",
  "dependencies",
]);

/**
 * A schema at `pointer` inside a document: its references point there, and the keywords that identify a document are
 * removed.
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
