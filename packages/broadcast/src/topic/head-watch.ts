import type { EngineLink } from "../engine/engine-link.js";
import type { TopicRegistry } from "./topic-registry.js";

/** How many topics are compared at a time, so that an engine with many topics can do its other work. */
const most = 1_000;

/**
 * Regularly compares the positions of topics with those of the engine. Without it the loss of a topic's last message would
 * be noticed only when the next one comes. It returns the function that ends it.
 */
export function watchHeads(registry: TopicRegistry, link: EngineLink, interval: number): () => void {
  if (link.engine.head === undefined) return () => {};
  const timer = setInterval(() => {
    // A topic whose engine is away, or that is not subscribed, skips the comparison.
    for (const local of registry.nextActive(most)) void local.compare();
  }, interval);
  // The timer need not keep the process alive: the engine's own sockets do so.
  timer.unref();
  return () => clearInterval(timer);
}
