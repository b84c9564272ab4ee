const rows = 24;

const words = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "inlet", "jetty"];

/** JSON of about 3 KB as a live table has it: names repeat, figures don't. Every `sequence` has another. */
export function messageOf(sequence: number): string {
  let seed = sequence + 1;
  const random = (below: number): number => {
    // Numbers that look random and are the same in both processes. Lehmer's generator.
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const quotes = Array.from({ length: rows }, (_, id) => ({
    id: random(1_000_000),
    name: `${words[random(words.length)]}-${words[random(words.length)]}-${id}`,
    bid: random(1_000_000) / 100,
    ask: random(1_000_000) / 100,
    volume: random(100_000_000),
    state: random(5) === 0 ? "halted" : "open",
    at: 1_767_225_600_000 + random(86_400_000),
  }));
  return JSON.stringify({ type: "quotes", sequence, quotes });
}
