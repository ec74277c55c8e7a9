// The one dialog of the page: something is asked for, then it closes. The browser keeps the focus inside and Escape closes it.
import { byId, fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";

const dialog = byId("dialog");

export function openDialog(title, ...content) {
  const close = h("button", { type: "button", class: "round", "aria-label": t("Close"), onclick: closeDialog }, icon("close"));
  fill(
    dialog,
    h("header", { class: "dialog-head" }, h("h2", { id: "dialog-title" }, title), close),
    h("div", { class: "dialog-body" }, ...content),
  );
  dialog.setAttribute("aria-labelledby", "dialog-title");
  if (!dialog.open) dialog.showModal();
  return dialog;
}

export function closeDialog() {
  dialog.close();
}

export function isDialogOpen() {
  return dialog.open;
}

// A click beside it closes it.
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) closeDialog();
});
