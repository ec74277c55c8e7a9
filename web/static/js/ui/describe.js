// The words beside the pointer: what it is, and the one figure that matters.
import { h } from "../dom.js";
import { nameOf, squareMetres, t } from "../i18n.js";
import { categoryName } from "./incident.js";
import { FACILITY, OUTCOME, STATE, say } from "./words.js";

const WORDS = {
  incident: ({ thing }, app) => [categoryName(thing, app), say(STATE, thing.state)],
  facility: ({ thing: { properties } }) => [
    properties.name,
    `${say(FACILITY, properties.level)} · ${squareMetres(properties.floor_area_m2)}`,
  ],
  cell: ({ thing: { properties } }) => [
    properties.name,
    properties.workers?.map(({ name }) => name).join(" · ") || t("Nobody is assigned"),
  ],
  area: ({ thing: { id, properties } }) => [nameOf(properties), properties.check ? checkWords(properties.check) : id],
};

function checkWords({ outcome, actual_m2: actual, required_m2: required }) {
  const areas = actual === null || required === null ? "" : ` · ${Math.round(actual)} / ${squareMetres(required)}`;
  return `${say(OUTCOME, outcome)}${areas}`;
}

export function describe(target, app) {
  const [name, more] = WORDS[target.kind](target, app);
  return [h("strong", {}, name), h("span", {}, more)];
}
