/**
 * The table of the server's options: what each of them is, its default, its range and what happens beyond it. A command, a
 * page of settings or a generator can use it without loading the server.
 *
 * @module
 */
import { connectionRows } from "./options/connection-rows.js";
import { listenRows } from "./options/listen-rows.js";
import type { OptionRow } from "./options/option-row.js";
import { serverRows } from "./options/server-rows.js";

export type { OptionRow };

/**
 * Every option of `serve` by its name, in the order of the documentation. A name with a dot is that of a number inside an
 * object, such as `receiveQueue.bytes`.
 */
export const optionRows: Readonly<
  Record<keyof typeof connectionRows | keyof typeof serverRows | keyof typeof listenRows, OptionRow>
> = { ...connectionRows, ...serverRows, ...listenRows };
