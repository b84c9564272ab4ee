import { parseArgs } from "node:util";
import { envelope, idle, type Row, rows, type Trial, trials } from "./report/rows.js";

/** What a run was asked for. */
export interface Options {
  readonly rows: readonly Row[];
  readonly trials: readonly Trial[];
  readonly isWeighed: boolean;
  readonly rounds: number;
  /** How long is warmed up and measured, in ms. */
  readonly warm: number;
  readonly span: number;
  /** Whether servers run from the sources, not from what was built. */
  readonly source: boolean;
  /** Whether `BROADCAST.md` is written. */
  readonly write: boolean;
  readonly json: string | undefined;
  readonly profiles: string | undefined;
}

const quick = { rounds: 1, warm: 500, span: 800 };
const whole = { rounds: 3, warm: 600, span: 1_600 };

const names: readonly string[] = [...rows, envelope, ...trials, idle].map(({ name }) => name);

/** Whether a list with commas has a name, or what it begins with. */
function chooser(list: string | undefined): (name: string) => boolean {
  if (list === undefined) return () => true;
  const wanted = list.split(",");
  const unknown = wanted.find((each) => !names.some((name) => name.startsWith(each)));
  if (unknown !== undefined) throw new Error(`--only: expected some of ${names.join(", ")}; got ${unknown}`);
  return (name) => wanted.some((each) => name.startsWith(each));
}

function roundsOf(text: string | undefined, byDefault: number): number {
  const rounds = Number(text ?? byDefault);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new Error(`--rounds: expected 1 or more, got ${text}`);
}

/** @throws {Error} for an argument that is unknown. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      only: { type: "string" },
      source: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      json: { type: "string" },
      "cpu-profile": { type: "string" },
    },
  });
  const isChosen = chooser(values.only);
  const length = values.quick ? quick : whole;
  return {
    ...length,
    rounds: roundsOf(values.rounds, length.rounds),
    rows: [...rows, envelope].filter(({ name, isQuick }) => isChosen(name) && (isQuick || !values.quick)),
    trials: trials.filter(({ name }) => isChosen(name)),
    isWeighed: isChosen(idle.name),
    source: values.source,
    write: values.write,
    json: values.json,
    profiles: values["cpu-profile"],
  };
}
