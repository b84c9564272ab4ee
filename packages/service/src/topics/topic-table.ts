import type { PathParams } from "@ws/contract";
import { write } from "@ws/contract/path";
import { createRouter, type Router, websocket } from "@ws/router";

/** A topic that a client named. */
export interface NamedTopic {
  readonly pattern: string;
  readonly params: PathParams;
}

/** The routes of topics lead nowhere: they are only looked up. */
const nowhere = Promise.resolve.bind(Promise) as () => Promise<void>;

/** The topics of a channel, by what a client calls them. They are patterns of the router, less the slash in front. */
export class TopicTable {
  readonly #router: Router;

  /** @throws {RouteError} for a bad pattern, or one that is never reached. */
  constructor(patterns: readonly string[]) {
    this.#router = createRouter(patterns.map((pattern) => websocket(`/${pattern}` as string, nowhere)));
  }

  /** `undefined` for a name that no topic has, or that would not be written so. */
  find(name: string): NamedTopic | undefined {
    const found = this.#router.resolve(`/${name}`);
    if (found?.kind !== "view") return undefined;
    const { route, params } = found;
    const texts = route.parts.map((part) =>
      typeof part === "string" ? part : write(part.converter, params[part.name]),
    );
    return texts.join("") === `/${name}` ? { pattern: route.pattern.slice(1), params } : undefined;
  }
}
