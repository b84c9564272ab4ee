import { type CommonOptions, readCommandLine } from "../rig/options.js";
import type { Case } from "./case.js";
import { cases } from "./cases.js";
import { type ContenderName, contenders } from "./contenders.js";

/** What a run was asked for; each contender is warmed up, and measured in all its windows, for `warm` and `span` ms. */
export interface Options extends CommonOptions {
  readonly cases: readonly Case[];
  readonly contenders: readonly ContenderName[];
}

const lengths = {
  quick: { rounds: 1, warm: 500, span: 800 },
  whole: { rounds: 3, warm: 1_000, span: 2_000 },
};

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
  const { common, isQuick, lists } = readCommandLine(args, lengths);
  return {
    ...common,
    cases: choose(
      lists.only,
      cases,
      ({ name }) => name,
      (each) => each.isQuick || !isQuick,
    ),
    contenders: choose(
      lists.contenders,
      contenders,
      (name) => name,
      (name) => !isQuick || contenders.indexOf(name) < 3,
    ),
  };
}
