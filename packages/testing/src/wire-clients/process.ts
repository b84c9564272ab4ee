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
      const ended = once(child, "exit");
      const asked = new Map<number, Asked>();
      let count = 0;
      const write = (line: object): void => void child.stdin.write(`${JSON.stringify(line)}\n`);
      createInterface(child.stdout).on("line", (text) => {
        const line = JSON.parse(text) as Outcome | WireClientEvent;
        if (!("n" in line)) return tell(line);
        const { reject, resolve } = asked.get(line.n) as Asked;
        if (line.error) reject(line.error);
        else resolve(line.result);
      });
      return {
        send: (message, params) => write({ do: "send", name: message, params }),
        request(request, params, { key, signal }) {
          count += 1;
          const n = count;
          write({ do: "request", n, name: request, params, key });
          signal?.addEventListener("abort", () => write({ do: "cancel", n }));
          return new Promise((resolve, reject) => asked.set(n, { resolve, reject }));
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
