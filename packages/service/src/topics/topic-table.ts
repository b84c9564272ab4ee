import type { PathParams } from "@ws/contract";
import { write } from "@ws/contract/path";
import { createRouter, type Router, websocket } from "@ws/router";

/** A topic that a client named. */
export interface NamedTopic {
  readonly pattern: string;
  readonly params: PathParams;
}

/** The routes of topics have no view: they are only looked up. */
const nowhere = Promise.resolve.bind(Promise) as () => Promise<void>;

/**
 * The topics of a channel by the names that clients use. These are matched as patterns of the router, without the slash at
 * the beginning.
 */
export class TopicTable {
  readonly #router: Router;

  /** @throws {RouteError} for an invalid pattern, or one that no name can reach. */
  constructor(patterns: readonly string[]) {
    this.#router = createRouter(patterns.map((pattern) => websocket(`/${pattern}` as string, nowhere)));
  }

  /** Finds a topic; `undefined` for an unknown name, or one that is not in its normal spelling. */
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
