// @ts-check
import { startChat } from "./chat.js";
import { startEcho } from "./echo.js";
import { startPanels } from "./panels.js";

startPanels();
startEcho();
startChat();
