// @ts-check
import { startChat } from "./chat.js";
import { startEcho } from "./echo.js";

startEcho();
startChat();
