import type { BuiltInConverters, Converters } from "@ws/contract/path";

type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type HexLetter = "a" | "b" | "c" | "d" | "e" | "f";
type Lower =
  | HexLetter
  | "g"
  | "h"
  | "i"
  | "j"
  | "k"
  | "l"
  | "m"
  | "n"
  | "o"
  | "p"
  | "q"
  | "r"
  | "s"
  | "t"
  | "u";
type Letter = Lower | "v" | "w" | "x" | "y" | "z" | Uppercase<Lower | "v" | "w" | "x" | "y" | "z">;

/** Has a field for each built-in converter. The compiler asks for one that is missing. */
type ForEach<Fields extends Readonly<Record<keyof BuiltInConverters, string>>> = Fields;

/** The characters that a built-in converter may contain, as in `converter.ts`; `string` means any but "/". */
type Characters = ForEach<{
  readonly str: string;
  readonly int: Digit;
  readonly slug: Letter | Digit | "-" | "_";
  readonly uuid: HexLetter | Digit | "-";
  readonly path: string;
}>;

/**
 * Whether a parameter with this converter may contain the first character of a literal. For converters of the application
 * this is unknown here.
 */
type MayBegin<Key, Literal extends string, Own> = Literal extends `${infer First}${string}`
  ? Key extends keyof Own
    ? false
    : Key extends keyof Characters
      ? First extends Characters[Key]
        ? true
        : false
      : false
  : false;

type IsNameRest<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? First extends Letter | Digit | "_"
    ? IsNameRest<Rest>
    : false
  : true;

type IsName<Name extends string> = Name extends `${Digit}${string}` ? false : IsNameRest<Name>;

type KeyOf<Inner> = Inner extends `${infer Key}:${string}` ? Key : "str";
type NameOf<Inner> = Inner extends `${string}:${infer Name}` ? Name : Inner;

/** What is wrong with a single `<…>`; `never` where nothing is. */
type ParamProblem<Inner extends string, Own> =
  NameOf<Inner> extends ""
    ? `expected a parameter name in "<${Inner}>", got none`
    : IsName<NameOf<Inner> & string> extends false
      ? `expected a parameter name of letters, digits and _ in "<${Inner}>", which no digit begins`
      : KeyOf<Inner> extends keyof Own | keyof BuiltInConverters
        ? never
        : `unknown converter "${KeyOf<Inner>}" in "<${Inner}>": expected one of str, int, slug, uuid, path${[keyof Own] extends [never] ? "" : ", or of those in converters"}`;

/** What is wrong where a parameter follows another one, with `Literal` between the two. */
type OrderProblem<Before, Literal extends string, Inner extends string, Own> = [Before] extends [never]
  ? never
  : Before extends string
    ? KeyOf<Before> extends "path"
      ? `"<${Before}>" takes all that follows: a path parameter must be the last`
      : Literal extends ""
        ? `ambiguous: put a literal between "<${Before}>" and "<${Inner}>"`
        : Literal extends `${string}/${string}`
          ? never
          : MayBegin<KeyOf<Before>, Literal, Own> extends true
            ? `ambiguous: "${Literal}" ends "<${Before}>", but may also be part of it; use a converter that cannot hold it, or a / between the two`
            : never
    : never;

type FirstOf<Problem, Else> = [Problem] extends [never] ? Else : Problem;

/**
 * Continues with the text after a parameter. `Names` are those of the parameters so far, and `Before` is the last parameter.
 */
type Scan<Text extends string, Own, Names, Before> = Text extends `${infer Literal}<${infer After}`
  ? Literal extends `${string}>${string}`
    ? 'expected a "<" before this ">"'
    : After extends `${infer Inner}>${infer Rest}`
      ? FirstOf<
          ParamProblem<Inner, Own>,
          NameOf<Inner> extends Names
            ? `a second parameter named ${NameOf<Inner> & string}; rename one`
            : FirstOf<
                OrderProblem<Before, Literal, Inner, Own>,
                Scan<Rest, Own, Names | NameOf<Inner>, Inner>
              >
        >
      : `expected a ">" that closes "<${After}"`
  : Text extends `${string}>${string}`
    ? 'expected a "<" before this ">"'
    : never;

/** Whether the compiler knows the whole text: neither `string` nor `/rooms/${string}`. */
type IsLiteral<Text extends string> = Record<never, never> extends Record<Text, unknown> ? false : true;

type Problem<Pattern extends string, Own extends Converters> = Pattern extends `/${string}`
  ? Scan<Pattern, Own, never, never>
  : `expected a pattern that begins with "/": "/${Pattern}"`;

/**
 * The pattern itself or, in its place, a text that says what is wrong with it; the compiler shows that text in its error.
 * The rules are those of `parsePattern`, which checks patterns that are known only at run time.
 */
export type CheckedPattern<Pattern extends string, Own extends Converters = Record<never, never>> =
  IsLiteral<Pattern> extends false
    ? Pattern
    : [Problem<Pattern, Own>] extends [never]
      ? Pattern
      : Problem<Pattern, Own>;

/** The same for the prefix of `include` and `mount`, which may be empty. */
export type CheckedPrefix<Prefix extends string> = Prefix extends "" ? Prefix : CheckedPattern<Prefix>;
