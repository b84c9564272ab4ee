import type { Application } from "./application.js";

/** A state whose keys the compiler does not know. */
export type UnknownState = Record<string, unknown>;

/** The key of a property that exists only in the type: the types of a `StateMiddleware`. */
declare const stateTypes: unique symbol;

/** The named keys of a state, in one flat type that an error can show; `UnknownState` where there are none. */
export type NamedState<State> = {
  [Key in keyof State as string extends Key ? never : Key]: State[Key];
} extends infer Named extends object
  ? keyof Named extends never
    ? UnknownState
    : Named
  : never;

/** The part of `Needed` that `Provided` does not provide. A value of another type does not count. */
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
 * A middleware that adds `Provided` to `scope.state` for the application that it wraps, and itself needs `Needed` there. For
 * example, `authenticate` provides `{ user }`.
 *
 * It is an intersection of two types and not an interface: the compiler infers a call that returns a function type after the
 * other arguments, and a view would not know what the middleware beside it provides.
 */
export type StateMiddleware<Provided extends object, Needed extends object = UnknownState> = StateTypes<
  Provided,
  Needed
> &
  (<Inner extends object = UnknownState>(
    application: Application<Inner>,
  ) => Application<NamedState<Needed & Unmet<Inner, Provided>>>);

/** A middleware that adds nothing to the state. It needs what the application behind it needs. */
export type TransparentMiddleware = StateMiddleware<object>;

/** Any middleware, whatever state it needs. */
export interface AnyMiddleware {
  (application: Application): Application<never>;
  // Without a second member the compiler would look into a generic middleware, and lose what it provides.
  readonly [stateTypes]?: unknown;
}

type ProvidedByOne<Each> = Each extends StateTypes<infer Provided, unknown> ? Provided : unknown;

type NeededByOne<Each> = Each extends StateTypes<unknown, infer Needed> ? Needed : UnknownState;

/**
 * What a list of middleware, the outermost first, adds to the state. For a key that several of them add, the innermost
 * counts.
 */
export type ProvidedBy<Each extends readonly unknown[]> = Each extends readonly [infer First, ...infer Rest]
  ? Omit<ProvidedByOne<First>, keyof ProvidedBy<Rest>> & ProvidedBy<Rest>
  : unknown;

/** The state that is needed in front of that list, where the application behind it needs `Inner`. */
export type NeededInFrontOf<Each extends readonly unknown[], Inner> = Each extends readonly [
  infer First,
  ...infer Rest,
]
  ? NeededByOne<First> & Unmet<NeededInFrontOf<Rest, Inner>, ProvidedByOne<First>>
  : Inner;
