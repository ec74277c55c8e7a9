// The line at the top: whether the map is live, and the figures of the day.
import { byId, fill, h } from "../dom.js";
import { midnight, number, t } from "../i18n.js";

const light = byId("live");
const figures = byId("figures");

export function showLive(isLive) {
  light.classList.toggle("is-live", isLive);
  byId("live-text").textContent = isLive ? t("Live") : t("Connecting …");
}

export function showFigures(incidents) {
  const counts = incidents.counts();
  const shown = [
    ["today", t("Reported today"), incidents.countSince(midnight())],
    ["filed", t("Waiting"), counts.filed],
    ["working", t("In hand"), counts.dispatched + counts.handling + counts.verifying],
  ];
  const figure = ([key, name, value]) => h("div", { "data-figure": key }, h("dd", {}, number(value)), h("dt", {}, name));
  fill(figures, shown.map(figure));
}
