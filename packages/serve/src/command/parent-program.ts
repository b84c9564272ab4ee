/** What the process that listens needs: loaded as one, once the first worker was started. */
export { ListenError } from "../parent/listener.js";
export { exitCodes } from "./exit-codes.js";
export { Parent, StartFailure } from "./parent.js";
export { takeSignals } from "./signals.js";
