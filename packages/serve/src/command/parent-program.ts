/** The parts of the process that listens, in one module, because it is loaded after the first worker was started. */
export { ListenError } from "../parent/listener.js";
export { exitCodes } from "./exit-codes.js";
export { Parent, StartFailure } from "./parent.js";
export { takeSignals } from "./signals.js";
