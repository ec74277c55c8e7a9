// A way on foot in words: how far, and how many minutes at the customary pace.
import { t } from "../i18n.js";

export function wayWords(metres, { parameters }) {
  const rounded = metres < 1000 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
  return t("{length} on foot, {minutes} min", { length: rounded, minutes: Math.max(1, Math.round(metres / parameters.walk_m_per_min)) });
}
