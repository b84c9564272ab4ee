import { difference } from "./compare.js";
import { generate } from "./generate.js";
import { type Bounds, judge } from "./oracle.js";
import { Target } from "./target.js";

/** Small, so that cases often come near them. */
export const bounds: Bounds = { maxPayload: 2_000, maxFragments: 16 };

/** How many connections are open at once. */
const width = 16;

/** A case in which server and oracle differ. */
interface Finding {
  /** `SEED=… --cases 1` brings it back. */
  readonly seed: number;
  readonly problem: string;
  readonly stream: string;
}

/** What a run came to. */
export interface Report {
  readonly cases: number;
  readonly milliseconds: number;
  /** How often each ending was the oracle's: `closed`, `cut`, or the code of a breach. */
  readonly endings: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** Plays the case of a seed; says how it had to end, and what was otherwise. */
async function playOne(
  target: Target,
  seed: number,
): Promise<{ ending: string; problem: string | undefined }> {
  const made = generate(seed, bounds);
  const verdict = judge(made.stream, bounds);
  const { kind } = verdict.ending;
  const ending = verdict.ending.kind === "failed" ? String(verdict.ending.code) : kind;
  try {
    return { ending, problem: difference(verdict, await target.play(made, kind === "cut")) };
  } catch (error) {
    return { ending, problem: String(error) };
  }
}

/** Plays `cases` cases, of the seeds from `seed` on, until `most` findings were made. */
export async function run(cases: number, seed: number, most = 10): Promise<Report> {
  const began = performance.now();
  const target = new Target(bounds);
  await target.start();
  const endings: Record<string, number> = {};
  const findings: Finding[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < cases && findings.length < most) {
      const own = seed + next;
      next += 1;
      const { ending, problem } = await playOne(target, own);
      endings[ending] = (endings[ending] ?? 0) + 1;
      if (problem === undefined) continue;
      findings.push({ seed: own, problem, stream: generate(own, bounds).stream.toString("hex") });
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  await target.close();
  return { cases: next, milliseconds: performance.now() - began, endings, findings };
}
