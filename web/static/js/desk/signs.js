// How much time is left, as a sign: shape and colour both say it, so that nobody has to see red from green.
import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { colour } from "../tokens.js";

export const LEFT = ["late", "soon", "ok", "none", "stopped", "done"];
export const LEFT_WORDS = {
  late: () => t("Overdue"),
  soon: () => t("Due soon"),
  ok: () => t("In time"),
  none: () => t("No clock"),
  stopped: () => t("Clock stopped"),
  done: () => t("Closed"),
};

export function sign(left) {
  const svg = icon(`left-${left}`);
  svg.setAttribute("class", `icon left left-${left}`);
  return svg;
}

// A thin bar whose parts are as long as their counts: late, soon, in time, without a clock.
export function leftBar(counts) {
  const total = LEFT.reduce((sum, left) => sum + (counts[left] ?? 0), 0);
  const part = (left) => {
    const piece = h("span", { class: `left-part left-fill-${left}` });
    piece.style.flexGrow = counts[left];
    return piece;
  };
  return h(
    "span",
    { class: "left-bar", "aria-hidden": "true" },
    total > 0 && LEFT.filter((left) => counts[left] > 0).map(part),
  );
}

const OUTLINES = {
  late: (context, x, y, r) => polygon(context, x, y + r * 0.12, r * 1.3, [-90, 30, 150]),
  soon: (context, x, y, r) => polygon(context, x, y, r * 1.18, [-90, 0, 90, 180]),
  ok: circle,
  none: circle,
  stopped: (context, x, y, r) => polygon(context, x, y, r * 1.2, [45, 135, 225, 315]),
  done: (context, x, y, r) => circle(context, x, y, r * 0.72),
};

function circle(context, x, y, r) {
  context.arc(x, y, r, 0, 2 * Math.PI);
}

function polygon(context, x, y, r, degrees) {
  for (const degree of degrees)
    context.lineTo(x + r * Math.cos((degree * Math.PI) / 180), y + r * Math.sin((degree * Math.PI) / 180));
  context.closePath();
}

// The same signs on the map.
export function drawLeft(context, { x, y }, left, radius) {
  context.beginPath();
  OUTLINES[left](context, x, y, radius);
  context.fillStyle = left === "none" ? colour("surface") : colour(`left-${left}`);
  context.fill();
  context.lineJoin = "round";
  context.lineWidth = Math.max(1, radius * 0.22);
  context.strokeStyle = left === "none" ? colour("left-edge-none") : colour("surface");
  context.stroke();
}
