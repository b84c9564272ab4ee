// The conformance suite as a program of its own, which any runtime can run that has Node's modules: it needs no test
// runner, and prints one line of JSON for each sentence. The tests start it as a bundle, with the client of `ws` in it:
// Bun puts a client of its own in the place of an installed `ws`, and the peer of a test has to be an independent one.
import { conformance, loopback, memory } from "../index.js";
import type { Outcome } from "./runtimes.fixture.js";

/** How long a sentence may take before it is taken to hang, in ms. */
const patience = 60_000;

interface Sentence {
  readonly transport: string;
  readonly sentence: string;
  readonly run: () => Promise<void>;
}

const sentences: Sentence[] = [];
for (const transport of [memory, loopback]) {
  conformance(transport, {
    describe: (_, body) => body(),
    test: (sentence, run) => sentences.push({ transport: transport.name, sentence, run }),
  });
}

/** What went wrong, in words; `null` where nothing did. */
async function failureOf(run: () => Promise<void>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const hanging = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${patience} ms`)), patience);
  });
  try {
    await Promise.race([run(), hanging]);
    return null;
  } catch (error) {
    return error instanceof Error ? String(error.stack ?? error) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

function tell(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

tell({ versions: process.versions });
for (const { transport, sentence, run } of sentences) {
  tell({ transport, sentence, failure: await failureOf(run) } satisfies Outcome);
}
// A sentence that hung may have left something open.
process.exit(0);
