import { canPin } from "../../rig/worker.js";
import type { Options } from "../options.js";
import type { Results } from "./results.js";
import type { Row } from "./rows.js";

function percent(share: number): string {
  return `${Math.max(0, Math.round(share * 100))} %`;
}

/** Where nothing can meet a goal that writes to each socket for each message. */
function floorNote(results: Results, row: Row): readonly string[] {
  const { title, goal, other, floor } = row;
  const best = floor && results.summary(floor);
  const theirs = results.summary(other);
  if (goal === undefined || best === undefined || theirs === undefined) return [];
  if ((results.ratio(row) ?? goal) >= goal) return [];
  const ratio = best.median / theirs.median;
  if (ratio >= goal) return [];
  const what = `one write a message and socket, without any library, is ${ratio.toFixed(2)} × Socket.IO`;
  return [`${title}: ${what}; more can only be had by writing less often.`];
}

/** What is to be said beneath the tables. */
export function notesOn(results: Results, { rows }: Options): readonly string[] {
  const others = Math.max(0, ...results.all.map(({ otherShare }) => otherShare || 0));
  const disturbed = `Other processes took up to ${percent(others)} of a core: the machine was not quiet.`;
  return [
    ...rows.flatMap((row) => floorNote(results, row)),
    ...(others > 0.1 ? [disturbed] : []),
    ...(canPin ? [] : ["Processes were not pinned to cores: there is no taskset here."]),
    ...results.remarks,
  ];
}
