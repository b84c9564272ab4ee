/**
 * Why messages are missing. `lost`: a hole in the sequence. `epoch`: the numbers began anew. `interrupted`: the engine was
 * away. `overflow`: the receiver was too slow. `history`: `from` lies further back than is kept.
 */
export type GapReason = "lost" | "epoch" | "interrupted" | "overflow" | "history";
