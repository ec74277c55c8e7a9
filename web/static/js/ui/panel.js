// The panel beside the map, a sheet from below on narrow screens. One thing is shown at a time.
import { byId, fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";

const panel = byId("panel");
const body = byId("panel-body");
let whenClosed = () => {};

export function open(...content) {
  fill(body, ...content);
  panel.hidden = false;
  body.scrollTop = 0;
}

export function onClose(listener) {
  whenClosed = listener;
}

export function close() {
  if (panel.hidden) return;
  panel.hidden = true;
  fill(body);
  whenClosed();
}

export function isOpen() {
  return !panel.hidden;
}

export function size() {
  return { width: panel.offsetWidth, height: panel.offsetHeight };
}

export function loading() {
  open(h("p", { class: "quiet" }, t("Loading …")));
}

export function problem(error) {
  open(h("p", { class: "problem", role: "alert" }, icon("alert"), error.message));
}

byId("panel-close").addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) close();
});
