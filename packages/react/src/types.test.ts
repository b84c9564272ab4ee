import type { Client, State } from "@ws/client";
import { channel } from "@ws/contract";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { useConnection, useLive, useRequest, useTopic } from "./index.js";

// Nothing in here runs: what must not compile is compiled by the type check, which fails where one of these lines is no error.

const said = z.object({ text: z.string() });
const chat = channel("/chat/", {
  requests: { say: { input: said, output: z.number() }, history: { output: z.array(z.string()) } },
  topics: { said },
});

function Topics({ client }: { readonly client: Client<typeof chat> }): void {
  // @ts-expect-error: the name is misspelt; expected "said"
  useTopic(client, "sayd", { initial: 0, reduce: (n: number) => n });
  // @ts-expect-error: the message has no such field
  useTopic(client, "said", { initial: 0, reduce: (n: number, message) => n + message.n });
  // @ts-expect-error: the value is a number
  useTopic(client, "said", { initial: 0, reduce: (_n: number, { text }) => text });
  // @ts-expect-error: there is no value before the first message
  useTopic(client, "said", { reduce: (n: number) => n });
  expectTypeOf(
    useTopic(client, "said", { initial: 0, reduce: (n: number) => n + 1 }),
  ).toEqualTypeOf<number>();
}

test("useTopic: the topic's name, its messages and the value", () => {
  expectTypeOf(Topics).returns.toBeVoid();
});

function Requests({ client }: { readonly client: Client<typeof chat> }): void {
  // @ts-expect-error: the name is misspelt; expected "say" | "history"
  useRequest(client, "sya");
  const [say, state] = useRequest(client, "say");
  // @ts-expect-error: the field is misspelt; did you mean 'text'?
  void say({ txt: "hi" });
  // @ts-expect-error: an input is missing
  void say();
  // @ts-expect-error: there is none before the first answer
  state.data.toFixed();
  expectTypeOf(state.data).toEqualTypeOf<number | undefined>();
  const [load] = useRequest(client, "history");
  void load();
  // @ts-expect-error: this request takes none
  void load({ limit: 3 });
}

test("useRequest: the request's name, its input, and what is known of its result", () => {
  expectTypeOf(Requests).returns.toBeVoid();
});

function Values({ client }: { readonly client: Client<typeof chat> }): void {
  // @ts-expect-error: a snapshot has a position, so that no message is counted twice
  useLive(client, "said", { snapshot: () => ({ value: 0 }), reduce: (n: number) => n });
  const snapshot = (): { value: number; position: string } => ({ value: 0, position: "e.0" });
  const shown = useLive(client, "said", { snapshot, reduce: (n: number) => n + 1 });
  // @ts-expect-error: there is none while it loads
  shown.value.toFixed();
  expectTypeOf(shown.value).toEqualTypeOf<number | undefined>();
  expectTypeOf(useConnection(undefined)).toEqualTypeOf<State>();
  // @ts-expect-error: the hook takes the client, not its address
  useConnection("ws://test/");
}

test("useLive and useConnection", () => {
  expectTypeOf(Values).returns.toBeVoid();
});
