import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** How one sentence of the contract fared on a transport. */
export interface Outcome {
  readonly transport: string;
  readonly sentence: string;
  /** What went wrong; `null` where nothing did. */
  readonly failure: string | null;
}

/** A runtime that has Node's modules and is not Node. */
export interface Runtime {
  /** As it calls itself in `process.versions`. */
  readonly name: "bun" | "deno";
  /** What stands before the program's path in its command line: no rights but those that a server needs. */
  readonly given: readonly string[];
  /** The sentences that it makes impossible, by transport, each with the reason. */
  readonly impossible: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const runtimes: readonly Runtime[] = [
  {
    name: "bun",
    given: [],
    impossible: {
      loopback: {
        "a handshake that is pipelined waits for the response to the request before it":
          "node:http gives an upgrade behind a pending response to the request listener: https://github.com/oven-sh/bun/issues/43420",
      },
    },
  },
  {
    name: "deno",
    given: ["run", "--no-config", "--allow-net", "--allow-env", "--allow-read", "--allow-sys"],
    impossible: {},
  },
];

/** What the suite found on a runtime. */
export interface Report {
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly outcomes: readonly Outcome[];
}

/** The program, which `tools/bundle-programs.mjs` has bundled. */
const program = fileURLToPath(new URL("../../reports/program.fixture.mjs", import.meta.url));

/** Runs the whole suite inside a runtime that npm has installed; the test's end ends it too. */
export async function runSuite({ name, given }: Runtime, signal: AbortSignal): Promise<Report> {
  const path = fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));
  const child = spawn(path, [...given, program], { signal, stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  // A program that can't be started is told by the rejection below.
  closed.catch(() => {});
  const lines: Record<string, unknown>[] = [];
  for await (const line of createInterface(child.stdout)) lines.push(JSON.parse(line));
  const [code, ending] = await closed;
  const [head, ...outcomes] = lines as unknown as [Pick<Report, "versions"> | undefined, ...Outcome[]];
  if (code !== 0 || head === undefined) {
    const last = outcomes.at(-1)?.sentence ?? "none";
    throw new Error(`${name} ended with ${code ?? ending}; the last sentence that it told of: ${last}`);
  }
  return { versions: head.versions, outcomes };
}
