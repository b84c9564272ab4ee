import { randomBytes } from "node:crypto";

/** Digits and letters that cannot be mistaken for one another (Crockford's base 32, in lower case). */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** A random name for an epoch or a process: 8 characters of 5 bits each, so that no two names are the same. */
export function newEpoch(): string {
  return Array.from(randomBytes(8), (byte) => alphabet[byte & 31]).join("");
}
