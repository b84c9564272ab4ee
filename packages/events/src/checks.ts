export { describeValue } from "./errors/describe-value.js";
export { errorHelp } from "./errors/error-help.js";
export { errorText } from "./errors/error-text.js";
export { printable } from "./errors/printable.js";
export {
  checkApplication,
  checkResult,
  isNotAnApplication,
  NotAnApplication,
} from "./model/not-an-application.js";
