import { RequestError } from "@ws/client";
import { channel } from "@ws/contract";
import { stubClient } from "@ws/testing";
import { Window } from "happy-dom";
import { Component, createElement, type FunctionComponent, type ReactNode, StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { useConnection, useLive, useRequest, useTopic } from "./index.js";

const said = z.object({ text: z.string() });
const chat = channel("/chat/", {
  requests: { say: { input: said, output: z.number(), errors: { muted: z.object({}) } } },
  topics: { said, other: said },
});
const stub = (
  handlers?: Parameters<typeof stubClient<typeof chat>>[0],
): ReturnType<typeof stubClient<typeof chat>> => {
  const made = stubClient<typeof chat>(handlers);
  onTestFinished(() => made.client.close());
  return made;
};

interface Shown {
  readonly root: Root;
  readonly text: () => string;
  readonly show: (props: object) => void;
}

/** Mounts a component in StrictMode, which mounts it twice. */
function shown<P extends object>(component: FunctionComponent<P>, props: P): Shown {
  const window = new Window();
  vi.stubGlobal("window", window);
  vi.stubGlobal("document", window.document);
  const element = window.document.createElement("main");
  const root = createRoot(element as never);
  const show = (given: object): void =>
    root.render(createElement(StrictMode, null, createElement(component, given as P)));
  show(props);
  onTestFinished(() => root.unmount());
  return { root, show, text: () => element.textContent };
}

type Chat = ReturnType<typeof stub>["client"];

interface Of {
  readonly of?: Chat | undefined;
  readonly topic?: "said" | "other";
  readonly marks?: boolean;
}

const collect = { initial: "", reduce: (all: string, { text }: { text: string }) => all + text };

const texts = {
  snapshot: () => ({ value: "s", position: "stub.0" }),
  reduce: (all: string, { text }: { text: string }) => all + text,
};

function Phase({ of }: Of): string {
  return useConnection(of).phase;
}

function Said({ of, topic = "said", marks = false }: Of): string {
  const onGap = (all: string): string => `${all}…`;
  return `${topic}:${useTopic(of, topic, { ...collect, ...(marks && { onGap }) })}`;
}

function Value({ of }: Of): string {
  const { status, value } = useLive(of, "said", texts);
  return `${status}:${value}`;
}

let run: ((input: { text: string }) => Promise<boolean>) | undefined;
function Say({ of }: { readonly of: Chat }): string {
  const [say, { data, error, isPending }] = useRequest(of, "say");
  run = say;
  return `${isPending}:${data}:${of.isError("say", error) ? error.name : ""}`;
}

test("useConnection shows the state, idle without a client and on a server", async () => {
  const { client } = stub();
  const { text, show } = shown(Phase, { of: undefined as Chat | undefined });
  await expect.poll(text).toBe("idle");
  show({ of: client });
  await client.connect();
  await expect.poll(text).toBe("open");
  client.close();
  await expect.poll(text).toBe("closed");
  expect(renderToString(createElement(Phase, { of: client }))).toBe("idle");
});

test("useTopic takes each message once, in StrictMode and over a reconnect", async () => {
  const { client, cut, publish } = stub();
  const joins = vi.spyOn(client, "subscribe");
  const { text } = shown(Said, { of: client });
  await expect.poll(() => joins.mock.results[0]?.value.position).toBe("stub.0");
  publish("said", { text: "a" });
  cut();
  publish("said", { text: "b" });
  await expect.poll(text).toBe("said:ab");
  expect(joins).toHaveBeenCalledTimes(1);
  expect(renderToString(createElement(Said, {}))).toBe("said:");
});

test("useTopic without a client stays at its beginning; another topic begins anew", async () => {
  const { client, publish } = stub();
  const { show, text } = shown(Said, { of: undefined as Chat | undefined, topic: "said" });
  await expect.poll(text).toBe("said:");
  const subscribe = vi.spyOn(client, "subscribe");
  show({ of: client, topic: "said" });
  await expect.poll(() => subscribe.mock.results[0]?.value.position).toBe("stub.0");
  publish("said", { text: "a" });
  await expect.poll(text).toBe("said:a");
  show({ of: client, topic: "other" });
  await expect.poll(text).toBe("other:");
});

test("useTopic tells gaps, and keeps its value where nobody handles them", async () => {
  const told: unknown[] = [];
  let onGap: ((gap: unknown) => void) | undefined;
  const client = {
    subscribe: (_topic: string, options: { onGap(gap: unknown): void }) => {
      onGap = options.onGap;
      return { position: undefined, unsubscribe: () => {} };
    },
  } as unknown as ReturnType<typeof stub>["client"];
  const { show, text } = shown(Said, { of: client });
  await expect.poll(() => onGap).toBeDefined();
  onGap?.({ reason: "lost" });
  await expect.poll(text).toBe("said:");
  show({ of: client, marks: true });
  await expect
    .poll(() => {
      onGap?.(told);
      return text();
    })
    .toMatch(/said:…/);
});

/** Shows what is thrown while its children are rendered. */
class Boundary extends Component<{ readonly children: ReactNode }, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};
  static getDerivedStateFromError(error: Error): object {
    return { error };
  }
  override render(): ReactNode {
    return this.state.error ? `caught ${this.state.error.message}` : this.props.children;
  }
}

function Guarded({ of }: Of): ReactNode {
  return createElement(Boundary, null, createElement(Said, { of }));
}

/** Mounts a component, and publishes a message once it has joined the topic. */
async function shownSaid(component: FunctionComponent<Of>, made: ReturnType<typeof stub>): Promise<Shown> {
  const joins = vi.spyOn(made.client, "subscribe");
  const all = shown(component, { of: made.client });
  await expect.poll(() => joins.mock.results[0]?.value.position).toBe("stub.0");
  made.publish("said", { text: "a" });
  await expect.poll(all.text).toMatch(/a$/);
  return all;
}

function Ends({ of }: Of): string {
  return useTopic(of, "said", { ...collect, onEnd: (all, error) => `${all} (${error.message})` });
}

/** What makes an end of the topic: with the error that it has. */
const ends: [string, string, (made: ReturnType<typeof stub>) => void][] = [
  ["the server ends the topic", "revoked", ({ end }) => end("said")],
  ["the server sends the client away", "closed 4403 blocked", ({ cut }) => cut(4403, "blocked")],
];

test.each(ends)("where %s, useTopic shows what onEnd makes of it", async (_, message, end) => {
  const made = stub();
  const { text } = await shownSaid(Ends, made);
  end(made);
  await expect.poll(text).toBe(`a (${message})`);
});

test.each(ends)(
  "where %s and nobody handles that, useTopic throws to the error boundary",
  async (_, message, end) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const made = stub();
    const { text } = await shownSaid(Guarded, made);
    end(made);
    await expect.poll(text).toBe(`caught ${message}`);
    logged.mockRestore();
  },
);

test("a topic of a client that was closed by its user stays as it is", async () => {
  const made = stub();
  const { text } = await shownSaid(Guarded, made);
  made.client.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(text()).toBe("said:a");
});

test("a topic that nobody shows any more is left after a second; shown again it goes on where it was", async () => {
  const { client, publish } = stub();
  const subscribe = vi.spyOn(client, "subscribe");
  const { root, text } = shown(Said, { of: client });
  await expect.poll(() => subscribe.mock.results[0]?.value.position).toBe("stub.0");
  publish("said", { text: "a" });
  await expect.poll(text).toBe("said:a");
  const unsubscribe = vi.spyOn(subscribe.mock.results[0]?.value, "unsubscribe");
  root.unmount();
  await expect.poll(() => unsubscribe.mock.calls.length).toBe(1);
});

test("useLive shows the value, from loading to live, and takes what is published", async () => {
  const { client, publish } = stub();
  const { show, text } = shown(Value, { of: undefined as Chat | undefined });
  await expect.poll(text).toBe("loading:undefined");
  show({ of: client });
  await expect.poll(text).toBe("live:s");
  publish("said", { text: "1" });
  await expect.poll(text).toBe("live:s1");
  expect(renderToString(createElement(Value, { of: client }))).toBe("loading:undefined");
});

test("useRequest shows the newest request alone, and never rejects", async () => {
  const answers: ((n: number) => void)[] = [];
  const { client } = stub({
    say: ({ text }) => {
      if (text === "bad") throw new RequestError("muted", {});
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  const { text } = shown(Say, { of: client });
  await expect.poll(text).toBe("false:undefined:");
  const first = run?.({ text: "1" });
  const second = run?.({ text: "2" });
  await expect.poll(() => answers.length).toBe(2);
  expect(text()).toBe("true:undefined:");
  answers[1]?.(2);
  await expect.poll(text).toBe("false:2:");
  answers[0]?.(1);
  expect(await Promise.all([first, second])).toEqual([true, true]);
  expect(text()).toBe("false:2:");
  expect(await run?.({ text: "bad" })).toBe(false);
  await expect.poll(text).toBe("false:undefined:muted");
});
