// Pieces that the cards are made of.
import { h, icon } from "../dom.js";
import { t } from "../i18n.js";

export function heading(title, kind, code) {
  return h("header", { class: "card-head" }, h("p", { class: "kind" }, kind), h("h2", {}, title), code && h("p", { class: "code" }, code));
}

export function rows(...pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined);
  return h("dl", { class: "rows" }, shown.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

export function section(title, ...content) {
  return h("section", { class: "part" }, h("h3", {}, title), ...content);
}

// A thing that can be opened, and a quiet word beside it.
export function entry(thing, more = null) {
  return h("li", {}, thing, more && h("span", { class: "quiet" }, more));
}

export function link(text, onclick) {
  return h("button", { type: "button", class: "link", onclick }, text);
}

export function badge(text, kind) {
  return h("span", { class: `badge badge-${kind}` }, text);
}

export function action(text, name, onclick, kind = "primary") {
  return h("button", { type: "button", class: `button ${kind}`, onclick }, icon(name), text);
}

// street › community › cell; those that can be opened are buttons.
export function trail(steps) {
  const shown = steps.filter((step) => step?.text);
  const part = ({ text, open }) => (open ? link(text, open) : h("span", {}, text));
  return h("nav", { class: "trail", "aria-label": t("Where it is") }, shown.map(part));
}

export function note(text, kind = "quiet") {
  return h("p", { class: kind }, text);
}

// A drawing of `draw(context, centre)` for legends, sharp on any screen.
export function swatch(draw, width = 22, height = 22) {
  const ratio = window.devicePixelRatio || 1;
  const canvas = h("canvas", { width: width * ratio, height: height * ratio, class: "swatch", "aria-hidden": "true" });
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  draw(context, { x: width / 2, y: height / 2 });
  return canvas;
}
