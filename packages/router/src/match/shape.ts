import { type Converter, takesEvery } from "@ws/contract/path";
import type { Part } from "../pattern/pattern.js";
import { type ParamParser, paramParserOf } from "./param-parser.js";

/** A parameter and the literal before it. */
interface Field {
  readonly literal: string;
  readonly converter: Converter;
  readonly read: ParamParser;
  /** The character that ends its text: the first one of the next literal, or `""` for the last field. */
  readonly until: string;
}

/** Text with parameters but without their names: a segment, or the rest of a path from a segment on. */
export interface Shape {
  readonly fields: readonly Field[];
  /** The literal before the first field. */
  readonly prefix: string;
  /** The literal after the last field. */
  readonly suffix: string;
}

/** The shapes that consist of one parameter, as most do: one object for each converter. */
const alone = new WeakMap<Converter, Shape>();

/** The shape of `parts`, or their text where they contain no parameter. */
export function shapeOf(parts: readonly Part[]): Shape | string {
  const [only, ...others] = parts;
  if (only === undefined || typeof only === "string" || others.length > 0) return shapeOfMany(parts);
  let shape = alone.get(only.converter);
  if (shape === undefined) {
    shape = { fields: [fieldOf("", only.converter, "")], prefix: "", suffix: "" };
    alone.set(only.converter, shape);
  }
  return shape;
}

function fieldOf(literal: string, converter: Converter, until: string): Field {
  return { literal, converter, read: paramParserOf(converter), until };
}

function shapeOfMany(parts: readonly Part[]): Shape | string {
  const fields: Field[] = [];
  let literal = "";
  for (const [index, part] of parts.entries()) {
    if (typeof part === "string") literal = part;
    else {
      const next = parts[index + 1];
      const last = index + 2 >= parts.length;
      const until = typeof next === "string" && !last ? next.charAt(0) : "";
      fields.push(fieldOf(literal, part.converter, until));
      literal = "";
    }
  }
  const first = fields[0];
  return first === undefined ? literal : { fields, prefix: first.literal, suffix: literal };
}

/** The values of parameters, the last one first. Several branches of the search can share such a list. */
export interface Values {
  readonly value: unknown;
  readonly before: Values | undefined;
}

/**
 * The values of the text from `from` up to `to`, in addition to those before; `undefined` where the text does not have this
 * shape. Prefix and suffix have already been compared by a `ShapeIndex`. It takes one pass: each field except the last ends
 * at a character that it cannot contain.
 */
export function matchShape(
  { fields, prefix, suffix }: Shape,
  text: string,
  from: number,
  to: number,
  before?: Values,
): Values | undefined {
  const end = to - suffix.length;
  let values = before;
  let at = from + prefix.length;
  for (const field of fields) {
    if (field !== fields[0]) {
      if (!text.startsWith(field.literal, at)) return undefined;
      at += field.literal.length;
    }
    const stop = field.until === "" ? end : text.indexOf(field.until, at);
    if (stop < at || stop > end) return undefined;
    const value = field.read(text, at, stop);
    if (value === undefined) return undefined;
    values = { value, before: values };
    at = stop;
  }
  return values;
}

/** Whether two shapes are equal, whatever the names of their parameters. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a.suffix !== b.suffix || a.fields.length !== b.fields.length) return false;
  return a.fields.every((field, index) => {
    const other = b.fields[index];
    return field.literal === other?.literal && field.converter === other.converter;
  });
}

/**
 * Whether `earlier` accepts every text of `later`. The result may be `false` although it does, where the two divide a text
 * in different ways; `true` is always right.
 */
export function covers(earlier: Shape, later: Shape): boolean {
  const last = earlier.fields.length - 1;
  return earlier.fields.every((field, index) => {
    const [other, ...more] = later.fields.slice(index);
    if (other === undefined) return false;
    if (index < last)
      return field.literal === other.literal && takesEvery(field.converter, [other.converter]);
    if (!other.literal.startsWith(field.literal) || !later.suffix.endsWith(earlier.suffix)) return false;
    // What is left for the last parameter of `earlier`: the rest of `later` without the literals of `earlier`.
    const rest = [
      other.literal.slice(field.literal.length),
      other.converter,
      ...more.flatMap(({ literal, converter }) => [literal, converter]),
      later.suffix.slice(0, later.suffix.length - earlier.suffix.length),
    ];
    return takesEvery(
      field.converter,
      rest.filter((piece) => piece !== ""),
    );
  });
}
