/** Imported by tests of what the client says: it speaks English, as an American reads it. */

import { speak } from "../../client/models/words.js";
import { WORDS } from "../../client/words/en.js";

speak(WORDS, "en-US");
