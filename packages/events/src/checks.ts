export { describeValue } from "./errors/describe-value.js";
export { errorHelp, helpLine } from "./errors/error-help.js";
export { printable } from "./errors/printable.js";
export {
  checkApplication,
  checkResult,
  isNotAnApplication,
  NotAnApplication,
} from "./model/not-an-application.js";
