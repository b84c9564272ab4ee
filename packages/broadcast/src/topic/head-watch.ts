import type { EngineLink } from "../engine/engine-link.js";
import type { TopicRegistry } from "./topic-registry.js";

/** As many topics are compared at a time, so that an engine of many topics has other work too. */
const most = 1_000;

/**
 * Compares now and then where topics stand with where the engine says that they stand. Without it the loss of a topic's
 * last message would show with the next one only. Gives the function that ends it.
 */
export function watchHeads(registry: TopicRegistry, link: EngineLink, interval: number): () => void {
  if (link.engine.head === undefined) return () => {};
  const timer = setInterval(() => {
    // A topic whose engine is away, or that is not subscribed, is not compared.
    for (const local of registry.nextActive(most)) void local.compare();
  }, interval);
  // What there is to compare is kept alive by the engine's own sockets.
  timer.unref();
  return () => clearInterval(timer);
}
