import { expectTypeOf, test } from "vitest";
import type {
  AnyMiddleware,
  Application,
  Middleware,
  NamedState,
  NeededInFrontOf,
  ProvidedBy,
  StateMiddleware,
  TransparentMiddleware,
  UnknownState,
  Unmet,
} from "../index.js";

interface A {
  readonly a: string;
}
interface AB extends A {
  readonly b: number;
}
type ProvidesA = StateMiddleware<A>;
type ProvidesBNeedsA = StateMiddleware<{ readonly b: number }, A>;

test("what is left to provide is what is not there, or is there with another type", () => {
  expectTypeOf<Unmet<AB, A>>().toEqualTypeOf<{ readonly b: number }>();
  expectTypeOf<Unmet<AB, { readonly a: number; readonly b: 1 }>>().toEqualTypeOf<{ readonly a: string }>();
  expectTypeOf<Unmet<UnknownState, A>>().toEqualTypeOf<UnknownState>();
});

test("a state without a named key is one of which nothing is known", () => {
  expectTypeOf<NamedState<UnknownState & A>>().toEqualTypeOf<{ readonly a: string }>();
  expectTypeOf<NamedState<object>>().toEqualTypeOf<UnknownState>();
});

test("a list of middleware provides what each does, and needs what nothing in front of it provides", () => {
  expectTypeOf<NamedState<ProvidedBy<[ProvidesA, Middleware, ProvidesBNeedsA]>>>().toEqualTypeOf<{
    readonly a: string;
    readonly b: number;
  }>();
  expectTypeOf<NamedState<NeededInFrontOf<[ProvidesA, ProvidesBNeedsA], AB>>>().toEqualTypeOf<UnknownState>();
  expectTypeOf<NamedState<NeededInFrontOf<[ProvidesBNeedsA, ProvidesA], AB>>>().toEqualTypeOf<{
    readonly a: string;
  }>();
});

test("every middleware stands where any is wanted, and one that needs nothing where a plain one is", () => {
  expectTypeOf<Middleware>().toExtend<AnyMiddleware>();
  expectTypeOf<ProvidesBNeedsA>().toExtend<AnyMiddleware>();
  expectTypeOf<ProvidesA>().toExtend<Middleware>();
  expectTypeOf<TransparentMiddleware>().toExtend<Middleware>();
  expectTypeOf<ProvidesBNeedsA>().not.toExtend<Middleware>();
  expectTypeOf<Application<A>>().not.toExtend<Application>();
});
