import { describe, test } from "node:test";
import type { TestTransport } from "../transports/transport.js";
import type { Case } from "./case.js";
import { endingCases } from "./endings.js";
import { flowCases } from "./flow.js";
import { handshakeCases } from "./handshake.js";
import { lifespanCases } from "./lifespan.js";
import { messageCases } from "./messages.js";
import { orderCases } from "./order.js";
import { refusalCases } from "./refusals.js";
import { scopeCases } from "./scope.js";

/** The functions that register tests: those of vitest, mocha or `node:test`. */
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

/** Registers the contract as tests of `transport`, by default with `node:test`. */
export function conformance(transport: TestTransport, runner: TestRunner = { describe, test }): void {
  for (const [name, cases] of chapters) {
    runner.describe(`${transport.name}: ${name}`, () => {
      for (const { name: sentence, run } of cases) runner.test(sentence, () => run(transport));
    });
  }
}
