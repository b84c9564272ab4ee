import { describe, test } from "node:test";
import type { Case } from "./conformance/case.js";
import { endingCases } from "./conformance/endings.js";
import { flowCases } from "./conformance/flow.js";
import { handshakeCases } from "./conformance/handshake.js";
import { lifespanCases } from "./conformance/lifespan.js";
import { messageCases } from "./conformance/messages.js";
import { orderCases } from "./conformance/order.js";
import { refusalCases } from "./conformance/refusals.js";
import { scopeCases } from "./conformance/scope.js";
import type { TestTransport } from "./transport.js";

/** What registers a test: vitest's, mocha's or `node:test`'s own functions. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, body: () => Promise<void>) => unknown;
}

const chapters: readonly (readonly [name: string, cases: readonly Case[]])[] = [
  ["the scope", scopeCases],
  ["refused before any application runs", handshakeCases],
  ["the order of events", orderCases],
  ["messages and events", messageCases],
  ["how a handshake is refused", refusalCases],
  ["how a connection ends", endingCases],
  ["flow", flowCases],
  ["lifespan and shutdown", lifespanCases],
];

/** Registers the contract as tests of `transport`; with `node:test`, unless another runner is given. */
export function conformance(transport: TestTransport, runner: TestRunner = { describe, test }): void {
  for (const [name, cases] of chapters) {
    runner.describe(`${transport.name}: ${name}`, () => {
      for (const { name: sentence, run } of cases) runner.test(sentence, () => run(transport));
    });
  }
}
