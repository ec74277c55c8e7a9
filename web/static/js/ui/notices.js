// Lines at the foot of the map: that this is a demo, and what could not be loaded.
import { byId } from "../dom.js";
import { t } from "../i18n.js";

const SHOWN_MS = 8000;

export function showTrouble(error) {
  const line = byId("trouble");
  line.textContent = t("Could not load: {message}", { message: error.message });
  line.hidden = false;
  clearTimeout(showTrouble.timer);
  showTrouble.timer = setTimeout(() => (line.hidden = true), SHOWN_MS);
}

// `areas`: properties of what is drawn.
export function showOrigin(areas) {
  const line = byId("origin");
  const derived = areas.filter((area) => area.is_derived);
  line.hidden = derived.length === 0;
  const isDemo = derived.some((area) => area.source === "demo");
  line.textContent = isDemo
    ? t("Demo: an invented district. Names, people and figures are made up.")
    : t("Some borders were drawn by a program and are not official ones.");
}
