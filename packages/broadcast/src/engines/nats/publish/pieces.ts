import type { Parcel } from "./parcel.js";

/**
 * Groups the messages of a tick by topic, into runs that fit into one message of the server. A message that doesn't fit
 * together with others is alone. `room` is in UTF-16 units.
 */
export function piecesOf(parcels: readonly Parcel[], room: number): Parcel[][] {
  const pieces: Parcel[][] = [];
  const last = new Map<string, { piece: Parcel[]; left: number }>();
  for (const parcel of parcels) {
    const size = parcel.payload.length + 1;
    const open = last.get(parcel.topic);
    if (open !== undefined && size <= open.left) {
      open.piece.push(parcel);
      open.left -= size;
      continue;
    }
    const piece = [parcel];
    pieces.push(piece);
    last.set(parcel.topic, { piece, left: room - size });
  }
  return pieces;
}
