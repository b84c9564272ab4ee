import type { PathParams } from "@ws/contract/path";
import type { Resolution } from "../route/resolution.js";
import type { Route } from "../route/route.js";
import { interned } from "./interned.js";
import type { Values } from "./shape.js";

/** The route at the end of a path through the tree. */
export class Terminal {
  /** How many routes were declared before this one. */
  readonly number: number;
  readonly route: Route;
  /** The literal text at the end of its pattern, after the last segment with parameters. */
  readonly text: string;
  /** The resolution that all of its paths share, if there is only one. */
  readonly only: Resolution | undefined;
  readonly #names: readonly string[];

  constructor(number: number, route: Route, text: string) {
    this.number = number;
    this.route = route;
    this.text = text;
    this.#names = route.parts.flatMap((part) => (typeof part === "string" ? [] : [interned(part.name)]));
    if (route.kind === "mount" || this.#names.length > 0) return;
    const params = Object.freeze(paramsOf(this.#names, undefined));
    this.only = Object.freeze({ kind: "view", view: route.view, params, route });
  }

  /** The resolution of `path` with these values, where the match ends at `stop`. */
  resolve(path: string, stop: number, values: Values | undefined): Resolution {
    const { route } = this;
    const params = paramsOf(this.#names, values);
    if (route.kind === "view") return { kind: "view", view: route.view, params, route };
    const rootPath = path.slice(0, stop);
    return { kind: "mount", view: undefined, application: route.application, rootPath, params, route };
  }
}

/** The values by the names of their parameters, in an object without a prototype, so that no name has a special meaning. */
function paramsOf(names: readonly string[], values: Values | undefined): PathParams {
  const params: Record<string, unknown> = Object.create(null);
  if (values !== undefined) fill(params, names, values, names.length - 1);
  return params;
}

/** Fills the values in in the order of the pattern, although the list has the last value first. */
function fill(
  params: Record<string, unknown>,
  names: readonly string[],
  { value, before }: Values,
  last: number,
): void {
  if (before !== undefined) fill(params, names, before, last - 1);
  // There are as many names as values.
  params[names[last] as string] = value;
}
