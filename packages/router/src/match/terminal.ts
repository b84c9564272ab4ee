import type { PathParams } from "@ws/contract/path";
import type { Resolution } from "../route/resolution.js";
import type { Route } from "../route/route.js";
import { interned } from "./interned.js";
import type { Values } from "./shape.js";

/** A route at the end of a way through the tree. */
export class Terminal {
  /** How many routes were declared before. */
  readonly number: number;
  readonly route: Route;
  /** The literal text that its pattern ends in, after the last segment with parameters. */
  readonly text: string;
  /** What every path of it resolves to, where there is one alone. */
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

  /** What `path` resolves to with these values, where the match ends at `stop`. */
  resolve(path: string, stop: number, values: Values | undefined): Resolution {
    const { route } = this;
    const params = paramsOf(this.#names, values);
    if (route.kind === "view") return { kind: "view", view: route.view, params, route };
    const rootPath = path.slice(0, stop);
    return { kind: "mount", view: undefined, application: route.application, rootPath, params, route };
  }
}

/** Values by the names of the parameters; without a prototype, so that no name is special. */
function paramsOf(names: readonly string[], values: Values | undefined): PathParams {
  const params: Record<string, unknown> = Object.create(null);
  if (values !== undefined) fill(params, names, values, names.length - 1);
  return params;
}

/** In the pattern's order, though the last value comes first. */
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
