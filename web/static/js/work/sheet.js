// A sheet from below, within reach of the thumb: one question at a time.
import { byId, fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";

const dialog = byId("dialog");
dialog.addEventListener("click", (event) => event.target === dialog && closeSheet());

export function openSheet(title, ...content) {
  const close = h("button", { type: "button", class: "round", "aria-label": t("Close"), onclick: closeSheet }, icon("close"));
  fill(dialog, h("div", { class: "sheet" }, h("header", { class: "sheet-head" }, h("h2", { id: "sheet-title" }, title), close), ...content));
  dialog.setAttribute("aria-labelledby", "sheet-title");
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

export function closeSheet() {
  dialog.close();
  dialog.replaceChildren();
}

// Buttons as wide as the sheet: pairs of words and what to do.
export function choices(pairs) {
  return h("div", { class: "choices" }, pairs.map(([words, act, more]) => h("button", { type: "button", class: "choice", onclick: act }, h("span", {}, words), more && h("span", { class: "quiet" }, more))));
}
