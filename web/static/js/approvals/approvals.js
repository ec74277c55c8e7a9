// Tables of people's data: asked for by a desk, decided on by a second person, taken once.
import { get, post, take } from "../api.js";
import { byId, fill, h, icon } from "../dom.js";
import { nameOf, t, time } from "../i18n.js";
import { startAccountMenu } from "../ui/account.js";

const PATH = "/api/personal-exports";
const DESKS = ["community", "street", "district"];
const WHAT = { reporters: () => t("Reporters of cases"), workers: () => t("Grid workers") };
const STATE = {
  asked: () => t("Waits for a second person"),
  approved: () => t("Approved"),
  refused: () => t("Refused"),
  expired: () => t("Not taken in time"),
  taken: () => t("Taken"),
};
const form = byId("ask");
const list = byId("exports");
const trouble = byId("trouble");

function field(label, input) {
  return h("label", {}, h("span", {}, label), input);
}

function showForm({ area }) {
  const options = Object.entries(WHAT).map(([value, words]) => h("option", { value }, words()));
  fill(
    form,
    h("h2", {}, t("Ask for a table")),
    field(t("Of whom"), h("select", { name: "what" }, options)),
    field(t("Code of the area"), h("input", { name: "area", required: true, pattern: "[0-9]{12}", maxlength: 12, value: area?.code, inputmode: "numeric" })),
    field(t("Filed from"), h("input", { name: "since", type: "date" })),
    field(t("Filed to"), h("input", { name: "until", type: "date" })),
    field(t("What is it needed for?"), h("input", { name: "reason", required: true, minlength: 2, maxlength: 500 })),
    h("button", { type: "submit", class: "button primary" }, icon("send"), t("Ask")),
  );
  form.hidden = false;
}

function card(one) {
  const days = [one.wanted.since, one.wanted.until].some(Boolean) && `${one.wanted.since ?? "…"} – ${one.wanted.until ?? "…"}`;
  return h(
    "article", { class: `surface approval is-${one.state}`, "data-id": one.id },
    h("header", {}, h("h2", {}, t("No. {id}", { id: one.id })), h("span", { class: "state" }, STATE[one.state]())),
    h("p", {}, h("strong", {}, WHAT[one.what]()), ` · ${nameOf(one.area) ?? one.area.code}`, days && ` · ${days}`),
    h("p", { class: "told" }, one.reason),
    h("p", { class: "quiet" }, t("Asked by {who}, {when}", { who: one.asked_by, when: time(one.asked_at) })),
    one.decided_by && h("p", { class: "quiet" }, t("Decided by {who}, {when}", { who: one.decided_by, when: time(one.decided_at) }), one.note && `: ${one.note}`),
    one.can_take && h("p", { class: "quiet" }, t("Can be taken until {when}, once.", { when: time(one.expires_at) })),
    one.taken_at && h("p", { class: "quiet" }, t("Taken {when}, {rows} rows", { when: time(one.taken_at), rows: one.rows })),
    one.can_decide && decision(one),
    one.can_take && files(one),
  );
}

function decision(one) {
  const words = t("A word to it (optional)");
  const note = h("input", { maxlength: 500, "aria-label": words, placeholder: words });
  const decide = (isApproved) => attempt(() => post(`${PATH}/${one.id}/decision`, { is_approved: isApproved, note: note.value }));
  return h(
    "div", { class: "approval-actions" }, note,
    h("button", { type: "button", class: "button primary", onclick: () => decide(true) }, icon("check"), t("Approve")),
    h("button", { type: "button", class: "button plain", onclick: () => decide(false) }, t("Refuse")),
  );
}

function files(one) {
  const file = (format) => attempt(() => take(`${PATH}/${one.id}/file?format=${format}`));
  return h(
    "div", { class: "approval-actions" },
    h("button", { type: "button", class: "button primary", onclick: () => file("xlsx") }, t("Take as XLSX")),
    h("button", { type: "button", class: "button plain", onclick: () => file("csv") }, t("Take as CSV")),
  );
}

// Do it, say what went wrong, and show where things stand now.
async function attempt(act) {
  trouble.hidden = true;
  try {
    await act();
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
  await show();
}

async function show() {
  const { exports } = await get(PATH);
  fill(list, exports.length ? exports.map(card) : h("p", { class: "quiet" }, t("Nothing was asked for.")));
  list.setAttribute("aria-busy", "false");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const told = Object.entries(Object.fromEntries(new FormData(form))).filter(([, value]) => value);
  attempt(async () => {
    await post(PATH, Object.fromEntries(told));
    form.reason.value = "";
  });
});
startAccountMenu();
const me = await get("/api/me");
if (DESKS.includes(me.office)) showForm(me);
await show();
document.body.classList.add("ready");
