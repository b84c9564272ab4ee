import type { Values } from "./flags.js";
import { optionOfVariable } from "./table.js";
import { unknownName } from "./unknown-name.js";
import { type OptionValue, readText } from "./value.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Kubernetes gives each container variables of this form for a service that is called `ws`. */
const serviceLink = /_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP)/;

/** A variable of `@ws/testing`, whose users may start the command in one of their tests. */
const testing = "WS_TESTING_TIMEOUT";

function isServiceLink(name: string, value: string): boolean {
  return serviceLink.test(name) || /^(tcp|udp):\/\//.test(value);
}

/**
 * Reads the options that the environment sets; a variable that is empty counts as not set.
 *
 * @throws {UsageError} for a variable that begins with `WS_` and is none of ours, and for a wrong value.
 */
export function readVariables(env: Environment): Values {
  const values = new Map<string, OptionValue>();
  for (const option of optionOfVariable.values()) {
    const { variable } = option;
    const value = variable === undefined ? undefined : env[variable];
    if (variable !== undefined && value) values.set(option.key, readText(option, value, variable));
  }
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith("WS_") || !value || name === testing || isServiceLink(name, value)) continue;
    const option = optionOfVariable.get(name);
    if (option === undefined) throw unknownName("variable", name, optionOfVariable.keys());
    values.set(option.key, readText(option, value, name));
  }
  return values;
}
