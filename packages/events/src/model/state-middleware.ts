import type { Application } from "./application.js";

/** A state of which the compiler knows nothing. */
export type UnknownState = Record<string, unknown>;

/** Where the types of a `StateMiddleware` are kept; there is no such property when the program runs. */
declare const stateTypes: unique symbol;

/** The keys of a state that have a name, in one flat type, which an error can show; none of them is `UnknownState`. */
export type NamedState<State> = {
  [Key in keyof State as string extends Key ? never : Key]: State[Key];
} extends infer Named extends object
  ? keyof Named extends never
    ? UnknownState
    : Named
  : never;

/** What is left of `Needed` behind something that provides `Provided`: a value of another type does not count. */
export type Unmet<Needed, Provided> = {
  [Key in keyof Needed as Key extends keyof Provided
    ? Provided[Key] extends Needed[Key]
      ? never
      : Key
    : Key]: Needed[Key];
};

interface StateTypes<Provided, Needed> {
  readonly [stateTypes]?: { readonly provided: Provided; readonly needed: Needed };
}

/**
 * A middleware that puts `Provided` into `scope.state` for the application that it wraps, and needs `Needed` there
 * itself. `authenticate` is one that provides `{ user }`.
 *
 * Two types in one, and not an interface: where a call that gives a function type stands among other arguments, the
 * compiler looks at it after them, and a view would not know what the middleware beside it provides.
 */
export type StateMiddleware<Provided extends object, Needed extends object = UnknownState> = StateTypes<
  Provided,
  Needed
> &
  (<Inner extends object = UnknownState>(
    application: Application<Inner>,
  ) => Application<NamedState<Needed & Unmet<Inner, Provided>>>);

/** A middleware that adds nothing to the state; what the application behind it needs there, it needs too. */
export type TransparentMiddleware = StateMiddleware<object>;

/** Any middleware, whatever it needs in the state. */
export interface AnyMiddleware {
  (application: Application): Application<never>;
  // Without a second member the compiler would take a generic middleware apart, and lose what it provides.
  readonly [stateTypes]?: unknown;
}

type ProvidedByOne<Each> = Each extends StateTypes<infer Provided, unknown> ? Provided : unknown;

type NeededByOne<Each> = Each extends StateTypes<unknown, infer Needed> ? Needed : UnknownState;

/** What a list of middleware, the outermost first, puts into the state; of one key the innermost counts. */
export type ProvidedBy<Each extends readonly unknown[]> = Each extends readonly [infer First, ...infer Rest]
  ? Omit<ProvidedByOne<First>, keyof ProvidedBy<Rest>> & ProvidedBy<Rest>
  : unknown;

/** What must be in the state in front of that list, where the application behind it needs `Inner`. */
export type NeededInFrontOf<Each extends readonly unknown[], Inner> = Each extends readonly [
  infer First,
  ...infer Rest,
]
  ? NeededByOne<First> & Unmet<NeededInFrontOf<Rest, Inner>, ProvidedByOne<First>>
  : Inner;
