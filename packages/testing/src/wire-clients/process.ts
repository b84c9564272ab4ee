import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { WireClientAbility, WireClientEvent, WireClientTarget } from "./target.js";

/** What a client's program writes for a request that is over. */
interface Outcome {
  readonly n: number;
  readonly result?: unknown;
  readonly error?: object;
}

interface Asked {
  resolve(result: unknown): void;
  reject(error: object): void;
}

/** What a program has written. A line that says none of it fails the case that waits for something else. */
function readLine(text: string): Outcome | WireClientEvent {
  try {
    const line: unknown = JSON.parse(text);
    if (typeof line === "object" && line !== null) return line as Outcome | WireClientEvent;
  } catch {
    // It is told below.
  }
  return { message: `expected an object as JSON, got the line: ${text}`, params: undefined };
}

/**
 * A client that is a program, in whatever language: it is started with the address as its last argument, told what to do by lines of
 * JSON on its standard input, and writes what it is to tell on its standard output. `docs/wire.md` has these lines.
 */
export function wireClientProcess(
  name: string,
  [program, ...given]: readonly [program: string, ...given: string[]],
  lacks: readonly WireClientAbility[] = [],
): WireClientTarget {
  return {
    name,
    lacks,
    async open(url, tell) {
      const child = spawn(program, [...given, url], { stdio: ["pipe", "pipe", "inherit"] });
      const stop = (): void => void child.kill();
      // One that reads no more can't be told anything. The case that waits for what it tells says so.
      child.stdin.on("error", stop);
      await once(child, "spawn");
      const ended = once(child, "close");
      const asked = new Map<number, Asked>();
      let count = 0;
      const write = (line: object): void => void child.stdin.write(`${JSON.stringify(line)}\n`);
      createInterface(child.stdout).on("line", (text) => {
        const line = readLine(text);
        if (!("n" in line)) return tell(line);
        const found = asked.get(line.n);
        asked.delete(line.n);
        if (found === undefined)
          tell({ message: `expected the outcome of a request, got one of ${line.n}`, params: line });
        else if (line.error) found.reject(line.error);
        else found.resolve(line.result);
      });
      return {
        send: (message, params) => write({ do: "send", name: message, params }),
        request(request, params, { key, signal }) {
          count += 1;
          const n = count;
          write({ do: "request", n, name: request, params, key });
          signal?.addEventListener("abort", () => write({ do: "cancel", n }));
          const outcome = new Promise((resolve, reject) => asked.set(n, { resolve, reject }));
          // A case that has failed waits for it no more.
          outcome.catch(() => {});
          // A program that has ended answers nothing.
          void ended.then(([code, signal]) => {
            asked
              .get(n)
              ?.reject(
                new Error(`the program ended with ${code ?? signal}, and has not answered ${request}`),
              );
          });
          return outcome;
        },
        subscribe: (topic) => write({ do: "subscribe", topic }),
        unsubscribe: (topic) => write({ do: "unsubscribe", topic }),
        async close() {
          stop();
          await ended;
        },
      };
    },
  };
}
