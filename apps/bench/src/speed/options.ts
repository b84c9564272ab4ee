import { parseArgs } from "node:util";
import type { Case } from "./case.js";
import { cases } from "./cases.js";
import { type ContenderName, contenders } from "./contenders.js";

/** What a run was asked for. */
export interface Options {
  readonly cases: readonly Case[];
  readonly contenders: readonly ContenderName[];
  /** How often everything is measured, with fresh processes. */
  readonly rounds: number;
  /** How long each contender is warmed up, and measured in all its windows; in ms. */
  readonly warm: number;
  readonly span: number;
  /** Whether @ws is run from its source, not from what was built. */
  readonly source: boolean;
  /** Whether `RESULTS.md` and its chart are written. */
  readonly write: boolean;
  readonly json: string | undefined;
  readonly profiles: string | undefined;
}

const quick = { rounds: 1, warm: 500, span: 800 };
const whole = { rounds: 3, warm: 1_000, span: 2_000 };

/** Those of `known` that a list with commas names; all that `byDefault` takes where there is no list. */
function choose<Each>(
  list: string | undefined,
  known: readonly Each[],
  nameOf: (each: Each) => string,
  byDefault: (each: Each) => boolean,
): Each[] {
  if (list === undefined) return known.filter(byDefault);
  const wanted = list.split(",");
  const names = known.map(nameOf);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`expected some of ${names.join(", ")}; got ${unknown}`);
  return known.filter((each) => wanted.includes(nameOf(each)));
}

/** @throws {Error} for an argument that is unknown. */
export function readOptions(args: readonly string[]): Options {
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
  const length = values.quick ? quick : whole;
  const rounds = Number(values.rounds ?? length.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds: expected 1 or more, got ${values.rounds}`);
  return {
    ...length,
    rounds,
    cases: choose(
      values.only,
      cases,
      ({ name }) => name,
      ({ isQuick }) => isQuick || !values.quick,
    ),
    contenders: choose(
      values.contenders,
      contenders,
      (name) => name,
      (name) => !values.quick || contenders.indexOf(name) < 3,
    ),
    source: values.source,
    write: values.write,
    json: values.json,
    profiles: values["cpu-profile"],
  };
}
