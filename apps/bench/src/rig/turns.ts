/** Who comes when: of two turns the second is the first reversed, and every two turns another begins. */
export function orderOf<Each>(all: readonly Each[], turn: number): readonly Each[] {
  const shift = Math.floor(turn / 2) % Math.max(1, all.length);
  const order = [...all.slice(shift), ...all.slice(0, shift)];
  return turn % 2 === 0 ? order : order.reverse();
}

/** How many windows of one length fill a time: as many forwards as backwards. */
export function turnsIn(span: number, length: number): number {
  return 2 * Math.ceil(span / length / 2);
}
