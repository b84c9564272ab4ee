import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../../../conformance/witness.js";
import { downFailure } from "../connect/failure.js";
import { resolveRedisOptions } from "../connect/options.js";
import { RedisClusterLink } from "./cluster-link.js";
import { nodesByAddress } from "./nodes.js";
import { bulk, ScriptedNode, slots } from "./scripted-node.fixture.js";
import { slotCount, slotOf } from "./slot.js";

const ignore = (): void => {};
const lastSlot = slotCount - 1;

/** Two nodes; at the start the first serves every slot, and both say so. */
let first: ScriptedNode;
let second: ScriptedNode;
let link: RedisClusterLink;
let interrupted: string[];

function linkTo(...nodes: readonly string[]): RedisClusterLink {
  const settings = resolveRedisOptions({ cluster: { nodes }, connectTimeout: 30_000 });
  if (settings.place.kind !== "cluster") throw new Error("expected a cluster");
  return new RedisClusterLink(nodesByAddress(settings.place.nodes, settings), settings);
}

/** Every node says that they serve the slots by halves, or one of them all. */
function say(...owners: readonly ScriptedNode[]): void {
  const share = slotCount / owners.length;
  const ranges = owners.map(
    ({ port }, index) => [index * share, (index + 1) * share - 1, port] as [number, number, number],
  );
  for (const node of [first, second]) node.slots = () => slots(...ranges);
}

/** What a node says of a slot that the second one serves. */
function moved(key: string): string {
  return `-MOVED ${slotOf(key)} ${second.name}\r\n`;
}

beforeEach(async () => {
  [first, second] = await Promise.all([ScriptedNode.start(), ScriptedNode.start()]);
  say(first);
  link = linkTo(first.name);
  interrupted = [];
  link.onInterrupted = (channels) => void interrupted.push(...channels);
});

afterEach(async () => {
  link.close(downFailure("the test is over"));
  await Promise.all([first, second].map((node) => node[Symbol.asyncDispose]()));
});

const until = (holds: () => boolean): Promise<unknown> => eventually(async () => holds(), Boolean);

describe("a command", () => {
  test("is asked of the node that serves its key; a slot that nobody serves is a clear failure", async () => {
    first.slots = () => slots([slotOf("a"), slotOf("a"), first.port]);
    await link.open();
    expect(await link.command(["GET", "a"])).toBe("OK");
    await expect(link.command(["GET", "b"])).rejects.toThrow(/no node of the cluster serves this slot/);
  });

  test("follows a slot that has moved, to a node that was not known too; from then on it is asked at once", async () => {
    await link.open();
    first.answer = ([, key = ""]) => moved(key);
    second.answer = () => bulk("from the second");
    expect(await link.command(["GET", "a"])).toBe("from the second");
    expect(await link.command(["GET", "a"])).toBe("from the second");
    expect(first.asked).toEqual(["GET a"]);
  });

  test("that is told late of a move which is known by now is asked again, and the move counts once", async () => {
    await link.open();
    await link.subscribe("{a}", ignore);
    let release = ignore;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    first.answer = async ([verb, key = ""]) => {
      if (verb !== "GET") return undefined;
      if (key === "{a}late") await held;
      return moved(key);
    };
    // Answers of a connection are in order: what is held is asked last.
    const [one, other, late] = ["{a}", "{a}other", "{a}late"].map((key) => link.command(["GET", key]));
    await Promise.all([one, other]);
    release();
    expect(await late).toBe("OK");
    expect(second.asked.filter((words) => words.startsWith("GET")).sort()).toEqual([
      "GET {a}",
      "GET {a}late",
      "GET {a}other",
    ]);
    expect(interrupted).toEqual(["{a}"]);
  });

  test("whose keys are on their way is asked again until they are there; any other refusal is given at once", async () => {
    await link.open();
    const answers = ["-TRYAGAIN Multiple keys\r\n", `-ASK 1 ${second.name}\r\n`, bulk("there")];
    first.answer = () => answers.shift();
    expect(await link.command(["GET", "a"])).toBe("there");
    first.answer = () => "-NOPERM no\r\n";
    await expect(link.command(["GET", "a"])).rejects.toThrow(/NOPERM/);
    expect(second.connections).toBe(0);
  });
});

describe("a channel", () => {
  test("that is refused because its slot has moved is subscribed at the other node the next time", async () => {
    await link.open();
    first.answer = () => moved("{a}");
    await expect(link.subscribe("{a}", ignore)).rejects.toThrow(/MOVED/);
    await link.subscribe("{a}", ignore);
    expect(second.asked).toEqual(["SSUBSCRIBE {a}"]);
    await link.unsubscribe("{a}");
    expect(second.asked).toEqual(["SSUBSCRIBE {a}", "SUNSUBSCRIBE {a}"]);
  });

  test("is heard from the node that it is subscribed at, and from no other", async () => {
    say(first, second);
    await link.open();
    const heard: string[] = [];
    await link.subscribe("{a}", (text) => void heard.push(text));
    await link.subscribe("{b}", (text) => void heard.push(text));
    const [own, other] = slotOf("{a}") < slotCount / 2 ? [first, second] : [second, first];
    // The library knows of no other channels than those that it has subscribed over the same connection.
    for (const [node, text] of [
      [other, "1"],
      [own, "2"],
    ] as const)
      node.push(`>3\r\n${bulk("smessage")}${bulk("{a}")}${bulk(text)}`);
    await until(() => heard.length > 0);
    expect(heard).toEqual(["2"]);
  });

  test("that is listened to for ever is subscribed again after a refusal, and after its slot has moved; a missing right is told", async () => {
    await link.open();
    const refusals = ["-CLUSTERDOWN not now\r\n"];
    first.answer = () => refusals.shift();
    await link.listen("{a}", ignore);
    await until(() => first.asked.length === 2);
    say(second);
    await until(() => second.asked.includes("SSUBSCRIBE {a}"));
    expect(interrupted).toEqual([]);
    second.answer = () => "-NOPERM no\r\n";
    await expect(link.listen("{b}", ignore)).rejects.toThrow(/NOPERM/);
  });

  test("whose node says that it has moved is interrupted once it is known where, and the old node is left", async () => {
    await link.open();
    await link.subscribe("{a}", ignore);
    say(second);
    first.push(`>3\r\n${bulk("sunsubscribe")}${bulk("{a}")}:0\r\n`);
    await until(() => interrupted.length > 0);
    await link.subscribe("{a}", ignore);
    await until(() => first.connections === 0);
    expect(interrupted).toEqual(["{a}"]);
    expect(second.asked).toContain("SSUBSCRIBE {a}");
  });

  test("whose node does not answer any more is interrupted where another one says that it serves the slot", async () => {
    say(first, second);
    await link.open();
    const [own, other] = slotOf("{a}") < slotCount / 2 ? [first, second] : [second, first];
    await link.subscribe("{a}", ignore);
    own.slots = () => undefined;
    other.slots = () => slots([0, lastSlot, other.port]);
    await until(() => interrupted.length > 0);
    expect(interrupted).toEqual(["{a}"]);
  });
});

describe("the nodes", () => {
  test("none that can be reached is a clear failure", async () => {
    await using gone = await ScriptedNode.start();
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    first.slots = () => slots([0, lastSlot, port]);
    await expect(link.open()).rejects.toThrow(/no node of the cluster: .*ECONNREFUSED/);
  });

  test("that are lost one by one interrupt what lies there; with the last the cluster is lost", async () => {
    say(first, second);
    await link.open();
    const [own, other] = slotOf("{a}") < slotCount / 2 ? [first, second] : [second, first];
    await link.subscribe("{a}", ignore);
    own.isSilent = true;
    own.drop();
    await until(() => interrupted.length > 0);
    expect(link.isOver).toBe(false);
    other.drop();
    await expect(link.lost).resolves.toMatch(/closed/i);
    expect(link.isOver).toBe(true);
  });

  test("that are being opened when it is closed are let go of, too", async () => {
    await link.open();
    second.isSilent = true;
    say(second);
    await until(() => second.connections > 0);
    link.close(downFailure("closed"));
    await until(() => first.connections + second.connections === 0);
    expect(interrupted).toEqual([]);
  });

  test.each([
    ["0123456789abcdef", true],
    ["", false],
  ])(
    "where the second says %j of its run, that those of the cluster are known is %j",
    async (run, isKnown) => {
      second.run = run;
      say(first, second);
      await link.open();
      expect(link.isRunKnown).toBe(isKnown);
    },
  );
});
