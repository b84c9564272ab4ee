import { type CommonOptions, readCommandLine } from "../rig/options.js";
import { envelope, idle, type Row, rows, type Trial, trials } from "./report/rows.js";

/** What a run was asked for. */
export interface Options extends CommonOptions {
  readonly rows: readonly Row[];
  readonly trials: readonly Trial[];
  readonly isWeighed: boolean;
}

const lengths = {
  quick: { rounds: 1, warm: 500, span: 800 },
  whole: { rounds: 3, warm: 600, span: 1_600 },
};

const names: readonly string[] = [...rows, envelope, ...trials, idle].map(({ name }) => name);

/** Whether a list with commas has a name, or what it begins with. */
function chooser(list: string | undefined): (name: string) => boolean {
  if (list === undefined) return () => true;
  const wanted = list.split(",");
  const unknown = wanted.find((each) => !names.some((name) => name.startsWith(each)));
  if (unknown !== undefined) throw new Error(`--only: expected some of ${names.join(", ")}; got ${unknown}`);
  return (name) => wanted.some((each) => name.startsWith(each));
}

/** @throws {Error} for an argument that is unknown. */
export function readOptions(args: readonly string[]): Options {
  const { common, isQuick, lists } = readCommandLine(args, lengths);
  if (lists.contenders !== undefined) throw new Error("--contenders: expected none; --only names the rows");
  const isChosen = chooser(lists.only);
  return {
    ...common,
    rows: [...rows, envelope].filter((row) => isChosen(row.name) && (row.isQuick || !isQuick)),
    trials: trials.filter(({ name }) => isChosen(name)),
    isWeighed: isChosen(idle.name),
  };
}
