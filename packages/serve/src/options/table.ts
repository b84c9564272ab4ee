import { commandOptions } from "./command-options.js";
import { flagOf, type Option, variableOf } from "./option.js";
import { serverOptions } from "./server-options.js";

/** Every option of the command. */
export const options: readonly Option[] = [...commandOptions, ...serverOptions];

export const optionOfKey: ReadonlyMap<string, Option> = new Map(options.map((each) => [each.key, each]));
export const optionOfFlag: ReadonlyMap<string, Option> = new Map(options.map((each) => [flagOf(each), each]));
export const optionOfVariable: ReadonlyMap<string, Option> = new Map(
  options.map((each) => [variableOf(each), each]),
);
