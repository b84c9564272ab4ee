import type { TestRunner } from "../conformance/conformance.js";
import { onStage, type WireClientCase } from "./case.js";
import { connectionCases } from "./connections.js";
import { requestCases } from "./requests.js";
import type { WireClientTarget } from "./target.js";
import { topicCases } from "./topics.js";

const chapters: readonly (readonly [name: string, cases: readonly WireClientCase[]])[] = [
  ["its connections", connectionCases],
  ["requests and messages", requestCases],
  ["topics", topicCases],
];

/** Registers the protocol's promises as tests of a client, which connects to servers that the tests play, on 127.0.0.1. */
export function wireClientConformance(target: WireClientTarget, runner: TestRunner): void {
  const { lacks = [], name } = target;
  for (const [chapter, cases] of chapters) {
    runner.describe(`${name}: ${chapter}`, () => {
      for (const each of cases) {
        if (each.needs === undefined || !lacks.includes(each.needs)) {
          runner.test(each.name, () => onStage(target, each));
        }
      }
    });
  }
}
