/**
 * Messages of bytes: `createClient(url, { bytes })` where the contract has such.
 *
 * @module
 */
import { joinBinary, splitBinary } from "@ws/contract/wire";

/** How messages of bytes travel: as binary frames that begin with their name. */
export const bytes: { readonly join: typeof joinBinary; readonly split: typeof splitBinary } = {
  join: joinBinary,
  split: splitBinary,
};
