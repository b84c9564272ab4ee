/**
 * Messages of bytes: `createClient(url, { bytes })` where the contract has such messages.
 *
 * @module
 */
import { joinBinary, splitBinary } from "@ws/contract/wire";

/** How messages of bytes are sent: as binary frames that begin with the name. */
export const bytes: { readonly join: typeof joinBinary; readonly split: typeof splitBinary } = {
  join: joinBinary,
  split: splitBinary,
};
