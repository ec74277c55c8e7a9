// The legend is the layer switch: every line explains a sign, counts it and shows or hides it.
import { get } from "../api.js";
import { byId, fill, h } from "../dom.js";
import { number, t } from "../i18n.js";
import { drawFacility, FACILITY_LEVELS } from "../layers/facilities.js";
import { drawIncident, SIGNS } from "../layers/incidents.js";
import { colour } from "../tokens.js";
import { swatch } from "./parts.js";
import { FACILITY, OUTCOME, SIGN, STANDARD, say } from "./words.js";

const box = byId("legend-body");
const OUTCOMES = ["meets", "short", "unknown"];

export class Legend {
  constructor(view) {
    this.view = view;
    this.counts = new Map();
    this._build();
    view.on(["on", "standard"], () => this._press());
    byId("legend-toggle").addEventListener("click", () => this._fold());
  }

  _fold() {
    const isOpen = byId("legend").classList.toggle("open");
    byId("legend-toggle").setAttribute("aria-expanded", String(isOpen));
  }

  _build() {
    fill(
      box,
      this._group(t("Incidents"), SIGNS.map((sign) => this._sign(sign))),
      this._group(t("Floor area of stations"), this._check(), "check"),
      this._group(t("20 minutes' walk"), [
        this._line("reach-network", t("Along the streets"), area("reach-network", true)),
        this._line("reach-radius", t("Straight radius"), area("reach-radius", false)),
      ]),
      this._group(t("Service network"), FACILITY_LEVELS.map((level) => this._facility(level)), "facilities"),
      this._group(t("Ground"), [
        this._line("cells", t("Grid cells (from close up)"), border("cell-border", 1)),
        this._line("buildings", t("Homes (from close up)"), block()),
      ]),
    );
    this._press();
  }

  _sign(sign) {
    return this._line(sign, say(SIGN, sign), dot(sign));
  }

  _facility(level) {
    return this._line(level, say(FACILITY, level), station(level), null);
  }

  // With `layer`, the heading switches the whole group.
  _group(title, content, layer = null) {
    const heading = h("h2", {}, layer ? this._switch(layer, "group-switch", title) : title);
    return h("section", { class: "group" }, heading, content);
  }

  _switch(layer, kind, ...content) {
    const onclick = () => this._toggle(layer);
    const knob = h("span", { class: "switch", "aria-hidden": "true" });
    return h("button", { type: "button", class: kind, "data-layer": layer, onclick }, ...content, knob);
  }

  // A line with a switch, or without one when `layer` is not a layer of its own.
  _line(key, text, sign, layer = key) {
    const count = h("span", { class: "count" });
    this.counts.set(key, count);
    const content = [sign, h("span", { class: "text" }, text), count];
    return layer ? this._switch(layer, "line", ...content) : h("div", { class: "line" }, content);
  }

  _check() {
    const lines = OUTCOMES.map((outcome) => this._line(outcome, say(OUTCOME, outcome), tint(outcome), null));
    return [this._choice(), ...lines];
  }

  _choice() {
    const choose = (standard) => () => this.view.set({ standard });
    const marks = (name) => ({ type: "button", class: "choice", "data-standard": name, onclick: choose(name) });
    const option = (name) => h("button", marks(name), say(STANDARD, name));
    return h("div", { class: "choices", role: "group", "aria-label": t("Standard") }, Object.keys(STANDARD).map(option));
  }

  _toggle(layer) {
    const on = new Set(this.view.get().on);
    if (!on.delete(layer)) on.add(layer);
    this.view.set({ on });
  }

  _press() {
    const { on, standard } = this.view.get();
    for (const line of box.querySelectorAll("[data-layer]")) line.setAttribute("aria-pressed", String(on.has(line.dataset.layer)));
    for (const one of box.querySelectorAll("[data-standard]")) one.setAttribute("aria-pressed", String(one.dataset.standard === standard));
  }

  // The figures of the latest check of all communities, whatever part of them is in view.
  async countOutcomes() {
    const { standard } = this.view.get();
    if (this.counted === standard) return;
    this.counted = standard;
    const { figures } = await get("/api/checks/latest", { standard });
    for (const outcome of OUTCOMES) this.count(outcome, figures[outcome]);
  }

  count(key, value, isMore = false) {
    this.counts.get(key).textContent = `${number(value)}${isMore ? "+" : ""}`;
  }
}

function dot(sign) {
  return swatch((context, at) => drawIncident(context, at, sign, 6));
}

function station(level) {
  return swatch((context, at) => drawFacility(context, at, level));
}

function tint(outcome) {
  return swatch((context) => {
    context.fillStyle = colour(`check-${outcome}`);
    context.fillRect(2, 4, 18, 14);
    context.strokeStyle = colour(`check-edge-${outcome}`);
    context.strokeRect(2.5, 4.5, 17, 13);
  });
}

function area(name, isFilled) {
  return swatch((context) => {
    context.strokeStyle = colour(name);
    context.fillStyle = colour(name);
    context.lineWidth = 1.6;
    context.setLineDash(isFilled ? [] : [4, 3]);
    context.globalAlpha = 0.25;
    if (isFilled) context.fillRect(3, 4, 16, 14);
    context.globalAlpha = 1;
    context.strokeRect(3, 4, 16, 14);
  });
}

function border(name, width) {
  return swatch((context) => {
    context.strokeStyle = colour(name);
    context.lineWidth = width;
    context.strokeRect(3.5, 4.5, 8, 7);
    context.strokeRect(11.5, 4.5, 8, 13);
    context.strokeRect(3.5, 11.5, 8, 6);
  });
}

function block() {
  return swatch((context) => {
    context.fillStyle = colour("building-legend");
    for (const [x, y] of [[4, 5], [12, 5], [4, 12], [12, 12]]) context.fillRect(x, y, 6, 5);
  });
}
