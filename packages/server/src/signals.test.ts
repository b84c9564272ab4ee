import { afterEach, describe, expect, test, vi } from "vitest";
import { handleSignals } from "./signals.js";

interface Made {
  readonly server: { readonly close: ReturnType<typeof vi.fn<() => Promise<void>>> };
  readonly exit: ReturnType<typeof vi.fn<(code: number) => void>>;
  readonly remove: () => void;
  /** Ends the closing, well or not. */
  readonly settle: (error?: Error) => Promise<void>;
}

/** Handles a signal that nobody else listens to. */
function make(options = {}): Made {
  const { promise, resolve, reject } = deferred();
  const server = { close: vi.fn<() => Promise<void>>(() => promise) };
  const exit = vi.fn<(code: number) => void>();
  const remove = handleSignals(server, { signals: ["SIGUSR2"], exit, ...options });
  return {
    server,
    exit,
    remove,
    settle: async (error) => {
      if (error === undefined) resolve();
      else reject(error);
      await new Promise((done) => setImmediate(done));
    },
  };
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve = (): void => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}

describe("the first signal", () => {
  test("drains the server and then exits with 0", async () => {
    const { server, exit, remove, settle } = make();
    process.emit("SIGUSR2");
    expect(server.close).toHaveBeenCalledOnce();
    expect(exit).not.toHaveBeenCalled();
    await settle();
    expect(exit.mock.calls).toEqual([[0]]);
    remove();
  });

  test("exits with 1 where that failed", async () => {
    const { exit, remove, settle } = make();
    process.emit("SIGUSR2");
    await settle(new Error("boom"));
    expect(exit.mock.calls).toEqual([[1]]);
    remove();
  });

  test("hands on how to close, and nothing else", () => {
    const { server, remove } = make({ grace: 5, code: 1001 });
    process.emit("SIGUSR2");
    expect(server.close).toHaveBeenCalledWith({ grace: 5, code: 1001 });
    remove();
  });
});

describe("an option out of range", () => {
  test("is refused at the start, and nothing is listened to", () => {
    const before = process.listenerCount("SIGUSR2");
    expect(() => make({ grace: -1 })).toThrow(/options\.grace: expected/);
    expect(process.listenerCount("SIGUSR2")).toBe(before);
  });
});

describe("a second signal", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test("fault 201: within a second is the first one again; later it exits at once with 1, and closes nothing again", () => {
    vi.useFakeTimers();
    const { server, exit, remove } = make();
    process.emit("SIGUSR2");
    process.emit("SIGUSR2");
    vi.advanceTimersByTime(999);
    process.emit("SIGUSR2");
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    process.emit("SIGUSR2");
    expect(exit.mock.calls).toEqual([[1]]);
    expect(server.close).toHaveBeenCalledOnce();
    remove();
  });
});

describe("several servers of one process", () => {
  test("fault 201: are closed by one signal, and the process exits with 0 when the last has drained", async () => {
    const exit = vi.fn<(code: number) => void>();
    const [first, second] = [make({ exit }), make({ exit, signals: ["SIGWINCH"] })];
    process.emit("SIGUSR2");
    await first.settle();
    expect(second.server.close).toHaveBeenCalledOnce();
    expect(exit).not.toHaveBeenCalled();
    const third = make({ exit });
    await second.settle();
    expect(third.server.close).toHaveBeenCalledOnce();
    expect(exit).not.toHaveBeenCalled();
    await third.settle();
    expect(exit.mock.calls).toEqual([[0]]);
    for (const { remove } of [first, second, third]) remove();
  });

  test("fault 201: of which one fails to close are drained all the same, and the process exits with 1", async () => {
    const exit = vi.fn<(code: number) => void>();
    const [first, second] = [make({ exit }), make({ exit })];
    process.emit("SIGUSR2");
    await first.settle(new Error("boom"));
    expect(exit).not.toHaveBeenCalled();
    await second.settle();
    expect(exit.mock.calls).toEqual([[1]]);
    for (const { remove } of [first, second]) remove();
  });
});

describe("by default", () => {
  test("SIGTERM and SIGINT end the process", async () => {
    const exit = vi.spyOn(process, "exit").mockImplementation((() => {}) as typeof process.exit);
    const before = (["SIGTERM", "SIGINT"] as const).map((signal) => process.listenerCount(signal));
    const remove = handleSignals({ close: () => Promise.resolve() });
    const after = (["SIGTERM", "SIGINT"] as const).map((signal) => process.listenerCount(signal));
    expect(after).toEqual(before.map((count) => count + 1));
    // Only the listener that is tested: the test runner has its own.
    process.listeners("SIGTERM").at(-1)?.("SIGTERM");
    await new Promise((done) => setImmediate(done));
    expect(exit.mock.calls).toEqual([[0]]);
    remove();
  });
});

describe("what is returned", () => {
  test("takes the listeners away", () => {
    const before = process.listenerCount("SIGUSR2");
    const { remove } = make();
    expect(process.listenerCount("SIGUSR2")).toBe(before + 1);
    remove();
    expect(process.listenerCount("SIGUSR2")).toBe(before);
  });
});
