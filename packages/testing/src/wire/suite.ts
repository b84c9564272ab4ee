import type { TestRunner } from "../conformance/conformance.js";
import { handshakeCases } from "./handshake.js";
import { hostileCases } from "./hostile.js";
import type { WireCase } from "./raw-client.js";
import { requestCases } from "./requests.js";
import type { WireTarget } from "./target.js";
import { topicCases } from "./topics.js";

const chapters: readonly (readonly [name: string, cases: readonly WireCase[]])[] = [
  ["the handshake", handshakeCases],
  ["requests and messages", requestCases],
  ["topics", topicCases],
  ["what breaks the protocol", hostileCases],
];

/** Registers the rules of the protocol as tests of a server of the reference channel, with the functions of that runner. */
export function wireConformance(target: WireTarget, runner: TestRunner): void {
  for (const [name, cases] of chapters) {
    runner.describe(`${target.name}: ${name}`, () => {
      for (const { name: sentence, run } of cases) runner.test(sentence, () => run(target));
    });
  }
}
