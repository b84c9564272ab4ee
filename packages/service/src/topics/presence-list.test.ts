import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PresenceLists } from "./presence-lists.js";
import type { ServedTopic, TopicMember, TopicMembersEvent } from "./served-topic.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const member = (id: string, name: string): TopicMember => ({ id, process: "p", as: { name } });
const listed = (id: string, name: string): object => ({ id: `p.${id}`, as: { name } });

/** A topic whose members the test tells. */
class FakeTopic implements ServedTopic {
  readonly name = "t";
  readonly history = undefined;
  watches = 0;
  /** What a watch ends by, when it is stopped. */
  endsBy: Error | undefined;
  #tell: ((event: TopicMembersEvent | Error) => void) | undefined;

  join(): never {
    throw new Error("nobody joins here");
  }

  subscribe(): never {
    throw new Error("nobody reads here");
  }

  async *watchMembers({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<TopicMembersEvent> {
    this.watches += 1;
    while (!signal.aborted) {
      const event = await new Promise<TopicMembersEvent | Error | undefined>((resolve) => {
        this.#tell = resolve;
        signal.addEventListener("abort", () => resolve(undefined));
      });
      if (event instanceof Error) throw event;
      if (event !== undefined) yield event;
    }
    if (this.endsBy !== undefined) throw this.endsBy;
  }

  async tell(...events: readonly (TopicMembersEvent | Error)[]): Promise<void> {
    for (const event of events) {
      this.#tell?.(event);
      await vi.advanceTimersByTimeAsync(0);
    }
  }
}

interface Watched {
  readonly topic: FakeTopic;
  readonly lists: PresenceLists;
  readonly told: unknown[];
  readonly failures: unknown[];
  readonly stop: () => void;
  readonly watch: (told: unknown[]) => () => void;
}

async function watched(...members: readonly TopicMember[]): Promise<Watched> {
  const topic = new FakeTopic();
  const lists = new PresenceLists();
  const told: unknown[] = [];
  const failures: unknown[] = [];
  const parts = { name: "seat/1", topic, onFailed: (error: unknown) => void failures.push(error) };
  const watch = (to: unknown[]): (() => void) =>
    lists.watch(parts, (text) => {
      const { params } = JSON.parse(text) as { params: { topic?: string } };
      delete params.topic;
      to.push(params);
    });
  const stop = watch(told);
  await vi.advanceTimersByTimeAsync(0);
  await topic.tell({ type: "members", members });
  return { topic, lists, told, failures, stop, watch };
}

describe("a list of members", () => {
  test("is given whole, and then what changed within 100 ms together", async () => {
    const { topic, told } = await watched(member("1", "ann"));
    await topic.tell(
      { type: "joined", member: member("2", "bob") },
      { type: "joined", member: member("3", "cid") },
    );
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual([
      { members: [listed("1", "ann")] },
      { joined: [listed("2", "bob"), listed("3", "cid")] },
    ]);
  });

  test("lists who was lost for 5 s more; who comes back in that time takes his place at once", async () => {
    const { topic, told } = await watched(member("1", "ann"), member("2", "bob"));
    await topic.tell(
      { type: "left", member: member("1", "ann") },
      { type: "left", member: member("1", "ann") },
      { type: "left", member: member("9", "nobody") },
      { type: "left", member: member("2", "bob") },
    );
    await vi.advanceTimersByTimeAsync(4_000);
    await topic.tell({ type: "joined", member: member("3", "bob") });
    await vi.advanceTimersByTimeAsync(900);
    expect(told.slice(1)).toEqual([{ joined: [listed("3", "bob")], left: ["p.2"] }]);
    await vi.advanceTimersByTimeAsync(100);
    expect(told.slice(2)).toEqual([{ left: ["p.1"] }]);
  });

  test("leaves out at once who left on purpose, and says nothing of one who came and left within 100 ms", async () => {
    const { topic, told } = await watched(member("1", "ann"), member("2", "bob"));
    await topic.tell(
      { type: "joined", member: member("3", "cid") },
      { type: "left", member: member("3", "cid"), onPurpose: true },
      { type: "left", member: member("1", "ann"), onPurpose: true },
      { type: "left", member: member("2", "bob"), onPurpose: false },
    );
    await vi.advanceTimersByTimeAsync(100);
    expect(told.slice(1)).toEqual([{ left: ["p.1"] }]);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(told.slice(2)).toEqual([{ left: ["p.2"] }]);
  });

  test("is given to one who asks later, with what has changed since", async () => {
    const { topic, told, watch } = await watched(member("1", "ann"));
    await topic.tell({ type: "joined", member: member("2", "bob") });
    const late: unknown[] = [];
    watch(late);
    expect(late).toEqual([{ members: [listed("1", "ann"), listed("2", "bob")] }]);
    expect(told.slice(1)).toEqual([{ joined: [listed("2", "bob")] }]);
    await vi.advanceTimersByTimeAsync(100);
    expect([late.length, told.length]).toEqual([1, 2]);
    expect(topic.watches).toBe(1);
  });

  test("may come again, and then those who were about to leave are not told a second time", async () => {
    const { topic, told } = await watched(member("1", "ann"));
    await topic.tell({ type: "left", member: member("1", "ann") }, { type: "members", members: [] });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told.slice(1)).toEqual([{ members: [] }]);
  });

  test("is cut after 1,000, and says so", async () => {
    const many = Array.from({ length: 1_001 }, (_, index) => member(String(index), "x"));
    const { told } = await watched(...many);
    const [{ members, truncated }] = told as [{ members: unknown[]; truncated: unknown }];
    expect([members.length, truncated]).toEqual([1_000, true]);
  });

  test("is asked for again 5 s after it failed, which is told", async () => {
    const { topic, told, failures } = await watched(member("1", "ann"));
    await topic.tell(new Error("the engine is down"));
    expect(failures).toEqual([new Error("the engine is down")]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(topic.watches).toBe(2);
    await topic.tell({ type: "members", members: [member("2", "bob")] });
    expect(told.at(-1)).toEqual({ members: [listed("2", "bob")] });
  });

  test("ends with the last who asked, and leaves no timer", async () => {
    const { topic, lists, told, stop, watch } = await watched(member("1", "ann"));
    const other = watch([]);
    await topic.tell(
      { type: "left", member: member("1", "ann") },
      { type: "joined", member: member("2", "bob") },
    );
    stop();
    expect(lists.size).toBe(1);
    other();
    expect(lists.size).toBe(0);
    stop();
    other();
    await vi.advanceTimersByTimeAsync(0);
    expect([told.length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  test("is not told to have failed where it ends by that", async () => {
    const { topic, stop, failures } = await watched();
    topic.endsBy = new Error("aborted");
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([failures, topic.watches]).toEqual([[], 1]);
  });

  test("that failed and is asked for by nobody any more is not tried again", async () => {
    const { topic, stop } = await watched();
    await topic.tell(new Error("the engine is down"));
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect([topic.watches, vi.getTimerCount()]).toEqual([1, 0]);
  });
});
