/**
 * The table of the server's options: what each is, its default, its range and what happens beyond it. For a command, a page
 * of settings or a generator; it loads no server.
 *
 * @module
 */
import { connectionRows } from "./options/connection-rows.js";
import { listenRows } from "./options/listen-rows.js";
import type { OptionRow } from "./options/option-row.js";
import { serverRows } from "./options/server-rows.js";

export type { OptionRow };

/**
 * Every option of `serve` by its name, in the order in which the documentation has them; a name with a dot is that of a
 * number in an object, as `receiveQueue.bytes`.
 */
export const optionRows: Readonly<
  Record<keyof typeof connectionRows | keyof typeof serverRows | keyof typeof listenRows, OptionRow>
> = { ...connectionRows, ...serverRows, ...listenRows };
