import type { Values } from "./flags.js";
import { optionOfVariable } from "./table.js";
import { unknownName } from "./unknown-name.js";
import { type OptionValue, readText } from "./value.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Matches variables that Kubernetes sets in each container for a service with the name `ws`. */
const serviceLink = /_SERVICE_(HOST|PORT)|_PORT_\d+_(TCP|UDP)/;

/** A variable of `@ws/testing`, which may be set where the command is started in a test. */
const testing = "WS_TESTING_TIMEOUT";

function isServiceLink(name: string, value: string): boolean {
  return serviceLink.test(name) || /^(tcp|udp):\/\//.test(value);
}

/**
 * Reads the options that the environment sets. An empty variable counts as not set.
 *
 * @throws {UsageError} for an unknown variable that begins with `WS_`, and for an invalid value.
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
