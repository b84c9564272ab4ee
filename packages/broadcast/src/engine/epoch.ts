import { randomBytes } from "node:crypto";

/** Digits and letters that are not mistaken for one another (Crockford's base 32, in lower case). */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** A name for an epoch, or for a process: 8 characters of 5 random bits each, so that no two are alike. */
export function newEpoch(): string {
  return Array.from(randomBytes(8), (byte) => alphabet[byte & 31]).join("");
}
