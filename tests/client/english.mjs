/** Imported by tests of what the client says: it speaks English, as an American reads it. */

import { learn, speak } from "../../client/models/words.js";
import { WORDS as FIRST } from "../../client/words/en/first.js";
import { WORDS as LATER } from "../../client/words/en/later.js";

speak(FIRST, "en-US");
learn(LATER);
