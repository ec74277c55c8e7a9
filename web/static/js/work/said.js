// A line that says what was done; it goes by itself.
import { byId } from "../dom.js";

const SHOWN_MS = 5_000;
let timer = null;

export function say(words) {
  const line = byId("said");
  line.textContent = words;
  line.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (line.hidden = true), SHOWN_MS);
}
