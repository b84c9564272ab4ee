import type { Case } from "./case.js";

const echo = {
  kind: "echo",
  work: "echo",
  payload: "text",
  size: 64,
  burst: 1,
  // What V8 compiles in a process that serves for hours; after fewer, half of it is still interpreted.
  warmUp: 200_000,
  window: 50,
  figure: "cpu",
  isQuick: false,
  tls: false,
  bufferutil: false,
} as const;

const fanOut = {
  ...echo,
  kind: "fanout",
  work: "fanout",
  connections: 1_000,
  warmUp: 100_000,
  window: 100,
} as const;

const small: readonly Case[] = [
  {
    ...echo,
    name: "echo-1",
    title: "echo 64 B, 1 connection: round trip",
    connections: 1,
    warmUp: 30_000,
    figure: "latency",
    isQuick: true,
    goal: { ratio: 1 },
  },
  {
    ...echo,
    name: "echo-100",
    title: "echo 64 B, 100 × 1 in flight",
    connections: 100,
    isQuick: true,
    goal: { ratio: 1.08 },
  },
  {
    ...echo,
    name: "echo-100-binary",
    title: "echo 64 B binary, 100 × 1 in flight",
    payload: "binary",
    connections: 100,
  },
  {
    ...echo,
    name: "echo-100x16",
    title: "echo 64 B, 100 × 16 in flight",
    connections: 100,
    burst: 16,
    isQuick: true,
    goal: { ratio: 6.5 },
  },
  {
    ...echo,
    name: "echo-1000",
    title: "echo 64 B, 1,000 × 1 in flight",
    connections: 1_000,
    window: 200,
    isQuick: true,
    goal: { ratio: 1.12 },
  },
];

const large: readonly Case[] = [
  {
    ...echo,
    name: "echo-16k",
    title: "echo 16 KiB, 100 × 1 in flight",
    size: 16_384,
    connections: 100,
    warmUp: 20_000,
    isQuick: true,
    goal: { ratio: 1.6 },
  },
  {
    ...echo,
    name: "echo-16k-wide",
    title: "echo 16 KiB of 3-byte text, 100 × 1 in flight",
    payload: "wide",
    size: 16_384,
    connections: 100,
    warmUp: 20_000,
    goal: { ratio: 0.95 },
  },
  {
    ...echo,
    name: "echo-16k-binary",
    title: "echo 16 KiB binary, 100 × 1 in flight",
    payload: "binary",
    size: 16_384,
    connections: 100,
    warmUp: 20_000,
    goal: { ratio: 1.8 },
  },
  {
    ...echo,
    name: "echo-1m",
    title: "echo 1 MiB, 4 × 1 in flight",
    size: 1_048_576,
    connections: 4,
    warmUp: 500,
    window: 200,
    goal: { ratio: 1.1 },
  },
  {
    ...echo,
    name: "echo-1m-binary",
    title: "echo 1 MiB binary, 4 × 1 in flight",
    payload: "binary",
    size: 1_048_576,
    connections: 4,
    warmUp: 500,
    window: 200,
    isQuick: true,
    goal: { ratio: 1.5 },
  },
];

/** The large ones again with `bufferutil`, beside the control without. */
const withBufferutil: readonly Case[] = large.map((each) => {
  const { goal: _, ...rest } = each;
  const name = `${each.name}-bufferutil`;
  const title = `${each.title}, with bufferutil`;
  return {
    ...rest,
    name,
    title,
    bufferutil: true,
    isQuick: name === "echo-16k-bufferutil",
  };
});

const json: Case = {
  ...echo,
  name: "json",
  title: "JSON of 256 B validated by zod, 100 × 1 in flight",
  work: "json",
  payload: "json",
  size: 256,
  connections: 100,
  warmUp: 100_000,
  goal: { ratio: 1.15 },
};

const fanOuts: readonly Case[] = [
  {
    ...fanOut,
    name: "fan-out-1",
    title: "fan-out 64 B to 1,000, 1 a tick",
    isQuick: true,
    goal: { ratio: 1.2 },
  },
  {
    ...fanOut,
    name: "fan-out-10",
    title: "fan-out 64 B to 1,000, 10 a tick",
    burst: 10,
    window: 200,
    isQuick: true,
    goal: { ratio: 11 },
  },
  {
    ...fanOut,
    name: "fan-out-1-1k",
    title: "fan-out 1 KiB to 1,000, 1 a tick",
    size: 1_024,
    goal: { ratio: 1.15 },
  },
  {
    ...fanOut,
    name: "fan-out-10-1k",
    title: "fan-out 1 KiB to 1,000, 10 a tick",
    size: 1_024,
    burst: 10,
    window: 200,
    goal: { ratio: 3 },
  },
];

const others: readonly Case[] = [
  {
    ...echo,
    name: "connect",
    title: "connect, echo 64 B, close; 50 at once",
    kind: "connect",
    connections: 50,
    // Fewer are not compiled yet.
    warmUp: 5_000,
    window: 200,
    isQuick: true,
    goal: { ratio: 1.2 },
  },
  {
    ...echo,
    name: "idle",
    title: "memory of an idle connection, 10,000 open",
    kind: "idle",
    connections: 10_000,
    figure: "memory",
    goal: { ratio: 0.83, atMost: 8.5 },
  },
];

const underTls: readonly Case[] = [...small, ...fanOuts]
  .filter(({ name }) => ["echo-100", "echo-100x16", "fan-out-10"].includes(name))
  .map(({ goal: _, ...each }) => ({
    ...each,
    name: `${each.name}-tls`,
    title: `${each.title}, TLS`,
    tls: true,
    isQuick: false,
  }));

/** In the order in which the table has them. */
export const cases: readonly Case[] = [
  ...small,
  ...large,
  ...withBufferutil,
  json,
  ...fanOuts,
  ...others,
  ...underTls,
];
