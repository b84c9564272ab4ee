import { beforeAll, describe, expect, test } from "vitest";
import { conformance, loopback, memory } from "../index.js";
import { type Report, runSuite, runtimes } from "./runtimes.fixture.js";

describe.each(runtimes)("inside $name", (runtime) => {
  const abort = new AbortController();
  let report: Report;

  beforeAll(async () => {
    report = await runSuite(runtime, abort.signal);
    return () => abort.abort();
  });

  /** What went wrong with a sentence; `null` where nothing did. */
  function failureOf(transport: string, sentence: string): string | null {
    const found = report.outcomes.filter(
      (outcome) => outcome.transport === transport && outcome.sentence === sentence,
    );
    expect(found).toHaveLength(1);
    return (found[0] as (typeof found)[0]).failure;
  }

  test(`it is ${runtime.name} that runs, and it runs each sentence once`, () => {
    expect(report.versions[runtime.name]).toMatch(/^\d+\.\d+\.\d+$/);
    const told = report.outcomes.map(({ transport, sentence }) => `${transport}: ${sentence}`);
    expect(new Set(told).size).toBe(told.length);
    expect(told.length).toBeGreaterThan(150);
  });

  for (const { name } of [memory, loopback]) {
    const impossible = { ...runtime.impossible[name] };
    conformance(
      { name, start: () => Promise.reject(new Error("the sentences run in a process of their own")) },
      {
        describe,
        test: (sentence) => {
          const reason = impossible[sentence];
          delete impossible[sentence];
          if (reason === undefined) test(sentence, () => expect(failureOf(name, sentence)).toBeNull());
          else {
            test(`not possible yet: ${sentence}`, () => {
              const failure = failureOf(name, sentence);
              expect(failure, `it passes now; take it out of the table: ${reason}`).not.toBeNull();
            });
          }
        },
      },
    );
    test(`what is not possible on ${name} are sentences of the suite`, () => {
      expect(impossible).toEqual({});
    });
  }
});
