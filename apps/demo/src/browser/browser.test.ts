import { describeInBrowser } from "./browser.fixture.js";
import { chat } from "./chat.fixture.js";
import { connection } from "./connection.fixture.js";
import { echo } from "./echo.fixture.js";
import { look } from "./look.fixture.js";
import { panels } from "./panels.fixture.js";

// One file, for a browser takes longer to start than most of these tests take.
describeInBrowser({
  "the panels of the page": panels,
  "the echo of the page": echo,
  "the chat of the page": chat,
  "the connection of the page": connection,
  "the look of the page": look,
});
