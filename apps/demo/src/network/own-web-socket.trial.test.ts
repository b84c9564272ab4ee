import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

/** Without what npm and pnpm tell their scripts: an npx within an npx would take the outer one's options for its own. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(p?npm_|VITEST)/i.test(name)),
);

/** The matrix of faults, with the sockets that this Node has by itself. */
async function matrix(version: string, config: string, files: string): Promise<string> {
  const vitest = "node --version && node ../../node_modules/vitest/vitest.mjs run --config";
  const { stdout } = await run(
    "npx",
    [
      "--yes",
      "-p",
      `node-${process.platform}-${process.arch}@${version}`,
      "-c",
      `${vitest} ../../${config} ${files}`,
    ],
    { env: { ...environment, NO_COLOR: "1", SOCKET: "global" }, maxBuffer: 2 ** 24 },
  );
  return stdout;
}

// The registry gives these; CI runs on the Node that it has.
test.each(["22", "24"])(
  "with the WebSocket of Node %s itself the faults end as with that of ws",
  async (version) => {
    const outcomes = [
      await matrix(version, "vitest.config.ts", "src/network"),
      await matrix(version, "vitest.slow.config.ts", "src/network/half-open"),
    ];
    for (const outcome of outcomes) {
      expect(outcome).toContain(`v${version}.`);
      expect(outcome).toMatch(/Tests +\d+ passed \(\d+\)/);
    }
  },
  600_000,
);
