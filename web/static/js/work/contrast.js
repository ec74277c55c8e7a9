// Sunlight contrast: black on white and strong edges, chosen on the phone and kept there.
import { forgetColours } from "../tokens.js";

const NAME = "wangge-work-contrast";
const SUNLIGHT = "sunlight";

export function isSunlight() {
  return localStorage.getItem(NAME) === SUNLIGHT;
}

export function chooseSunlight(isWanted) {
  if (isWanted) localStorage.setItem(NAME, SUNLIGHT);
  else localStorage.removeItem(NAME);
  settleContrast();
}

export function settleContrast() {
  document.documentElement.toggleAttribute("data-sunlight", isSunlight());
  forgetColours();
}
