// A line that says what was done, with one thing that can be done about it; it goes by itself.
import { byId, fill, h } from "../dom.js";

const SHOWN_MS = 9000;
const line = byId("said");
let timer = null;

// `action` is { text, act } or nothing.
export function say(text, action = null) {
  const undo = () => {
    hide();
    action.act();
  };
  fill(line, h("span", {}, text), action && h("button", { type: "button", class: "plain-link", onclick: undo }, action.text));
  line.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(hide, SHOWN_MS);
}

function hide() {
  line.hidden = true;
}
