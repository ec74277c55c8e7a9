// What stands where nothing can be shown: nothing there, still loading, or no answer.
import { h, icon } from "../dom.js";
import { t } from "../i18n.js";

export function emptyNote(text, ...more) {
  return h("div", { class: "state" }, h("p", {}, text), ...more);
}

export function loadingNote() {
  return h(
    "div",
    { class: "state is-loading", role: "status" },
    h("span", { class: "spinner", "aria-hidden": "true" }),
    h("p", {}, t("Loading …")),
  );
}

export function troubleNote(error, again) {
  const retry = h("button", { type: "button", class: "button small", onclick: again }, icon("again"), t("Try again"));
  return h("div", { class: "state is-trouble", role: "alert" }, icon("alert"), h("p", {}, error.message), retry);
}
