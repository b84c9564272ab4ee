import type { BuiltInConverters, Converter, Converters } from "./converter.js";

/** Path parameters whose names the compiler does not know. The object has no prototype. */
export type PathParams = Readonly<Record<string, unknown>>;

/** The texts between `<` and `>`, as a union. */
type Placeholders<
  Pattern extends string,
  Found = never,
> = Pattern extends `${string}<${infer Inner}>${infer Rest}` ? Placeholders<Rest, Found | Inner> : Found;

type NameIn<Placeholder> = Placeholder extends `${string}:${infer Name}` ? Name : Placeholder;

type Value<C> = C extends Converter ? Exclude<ReturnType<C["parse"]>, undefined> : never;

type ValueIn<Placeholder, Own> = Placeholder extends `${infer Key}:${string}`
  ? Key extends keyof Own
    ? Value<Own[Key]>
    : Key extends keyof BuiltInConverters
      ? Value<BuiltInConverters[Key]>
      : unknown
  : string;

/** The parameters of a pattern: `"/<int:room>/<name>/"` gives `{ room: number; name: string }`. */
export type ParamsOf<
  Pattern extends string,
  Own extends Converters = Record<never, never>,
> = string extends Pattern
  ? PathParams
  : { readonly [P in Placeholders<Pattern> as NameIn<P> & string]: ValueIn<P, Own> };

/** Two sets of parameters joined into one. */
export type Merged<A, B> = {
  readonly [Name in keyof A | keyof B]: Name extends keyof B
    ? B[Name]
    : Name extends keyof A
      ? A[Name]
      : never;
};
