// What went wrong, said at the foot of the page; null takes it away.
import { byId } from "../dom.js";

export function trouble(text) {
  const place = byId("trouble");
  place.textContent = text ?? "";
  place.hidden = !text;
}
