// A way on foot in words: how far, and how many minutes at the customary pace.
import { t } from "../i18n.js";
import { farWords } from "./distance.js";

export function wayWords(metres, { parameters }) {
  return t("{length} on foot, {minutes} min", { length: farWords(metres), minutes: Math.max(1, Math.round(metres / parameters.walk_m_per_min)) });
}
