/** How many handshakes wait for their answer, and how many connections are open. */
export class Tally {
  pending = 0;
  open = 0;
}
