import { printable } from "./printable.js";

/** A short description of a value, for an error that expected another one. It never contains the content of an object. */
export function describeValue(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return printable(JSON.stringify(value.slice(0, 64)));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "function") return `a function${value.name && ` named ${value.name.slice(0, 64)}`}`;
  if (typeof value !== "object") return typeof value;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if ("then" in value) return "a promise";
  const keys = printable(Object.keys(value).slice(0, 8).join(", ").slice(0, 128));
  return keys === "" ? "an object without keys" : `an object with the keys ${keys}`;
}
