// How to reach who reported a case: masked, and whole only after saying why, for as long as the case is open here.
import { ApiError, post } from "../api.js";
import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { rows, section } from "../ui/parts.js";
import { closeDialog, openDialog } from "./dialog.js";

const SHORTEST = 2;

export function contactOf({ id, contact }) {
  if (!contact) return null;
  const box = h("div", { id: "contact" }, lines(contact));
  const ask = { type: "button", class: "button small", id: "unmask", onclick: () => askWhy(id, box) };
  box.append(h("button", ask, icon("person"), t("Show whole")));
  return section(t("Reporter"), box);
}

function lines({ name, phone, home }) {
  const call = phone && /^[0-9+() -]+$/.test(phone) && h("a", { class: "plain-link", href: `tel:${phone.replaceAll(" ", "")}` }, phone);
  return rows([t("Full name"), name], [t("Telephone"), call || phone], [t("Home"), home]);
}

function askWhy(id, box) {
  const words = t("What is it needed for?");
  const reason = h("textarea", { name: "reason", rows: 2, required: true, minlength: SHORTEST, maxlength: 500, "aria-label": words, placeholder: words });
  const trouble = h("p", { class: "problem", role: "alert", hidden: true });
  const actions = h(
    "div",
    { class: "actions" },
    h("button", { type: "submit", class: "button primary" }, t("Show whole")),
    h("button", { type: "button", class: "button plain", onclick: closeDialog }, t("Cancel")),
  );
  const onsubmit = (event) => show(event, id, box, trouble);
  openDialog(
    t("Show the reporter's data"),
    h("form", { class: "form", onsubmit }, h("p", { class: "quiet" }, t("Your name, the time and the reason go on record.")), reason, trouble, actions),
  );
  reason.focus();
}

async function show(event, id, box, trouble) {
  event.preventDefault();
  try {
    const whole = await post(`/api/cases/${id}/unmask`, { reason: event.target.reason.value.trim() });
    box.replaceChildren(whole.contact ? lines(whole.contact) : h("p", { class: "quiet" }, t("Nothing is kept any more.")));
    closeDialog();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
}
