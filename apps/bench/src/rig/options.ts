import { parseArgs } from "node:util";

/** What the flags say that programs with rounds and reports have in common. */
export interface CommonOptions {
  /** How often everything is measured, with fresh processes. */
  readonly rounds: number;
  /** How long is warmed up, and measured; in ms. */
  readonly warm: number;
  readonly span: number;
  /** Whether @ws is run from its source, not from what was built. */
  readonly source: boolean;
  /** Whether the report beside this package's package.json is written. */
  readonly write: boolean;
  readonly json: string | undefined;
  readonly profiles: string | undefined;
}

type Length = Pick<CommonOptions, "rounds" | "warm" | "span">;

/** A command line as it was read. */
export interface CommandLine {
  readonly common: CommonOptions;
  readonly isQuick: boolean;
  /** The lists with commas, by their flags. */
  readonly lists: Readonly<Partial<Record<"only" | "contenders", string>>>;
}

/** @throws {Error} for an argument that is unknown, and for a number of rounds that is none. */
export function readCommandLine(
  args: readonly string[],
  lengths: { readonly quick: Length; readonly whole: Length },
): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string" },
      contenders: { type: "string" },
      source: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      json: { type: "string" },
      "cpu-profile": { type: "string" },
    },
  });
  const { quick, only, contenders, source, write, json } = values;
  const length = quick ? lengths.quick : lengths.whole;
  const rounds = Number(values.rounds ?? length.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds: expected 1 or more, got ${values.rounds}`);
  }
  return {
    common: { ...length, rounds, source, write, json, profiles: values["cpu-profile"] },
    isQuick: quick,
    lists: { ...(only === undefined ? {} : { only }), ...(contenders === undefined ? {} : { contenders }) },
  };
}
