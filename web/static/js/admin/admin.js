// Accounts for their administrators: the one for systems makes, locks and resets, the one for security grants.
import { get, post } from "../api.js";
import { byId, fill, h } from "../dom.js";
import { t, time } from "../i18n.js";
import { startAccountMenu } from "../ui/account.js";
import { attempt, field, form } from "../ui/forms.js";
import { officeName } from "../ui/offices.js";
import { Details } from "./details.js";

const PAUSE_MS = 250;
const trouble = byId("trouble");
const list = byId("accounts");
const more = byId("more");
let next = null;
let turn = 0;
let me = null;
let details = null;

function row(account) {
  const state = account.locked_at ? t("locked") : account.is_demo ? t("demo") : account.must_change_password ? t("not yet used") : "";
  const held = account.grants.map(({ office }) => officeName(office)).join(" · ") || t("no office");
  return h("li", {}, h("button", { type: "button", class: "account-row", "data-name": account.name, onclick: () => pick(account) },
    h("strong", {}, account.name), state && h("span", { class: `tag${account.locked_at ? " is-locked" : ""}` }, state),
    h("span", { class: "quiet" }, held),
    h("span", { class: "quiet seen" }, account.last_seen_at ? time(account.last_seen_at) : t("never"))));
}

async function load(after = "") {
  const mine = ++turn;
  await attempt(async () => {
    const told = await get("/api/accounts", { q: byId("q").value || null, after: after || null });
    if (mine !== turn) return;
    if (!after) fill(list);
    list.append(...told.accounts.map(row));
    if (!list.children.length) fill(list, h("li", { class: "quiet empty" }, t("No account of that name.")));
    ({ next } = told);
    more.hidden = next === null;
  }, trouble);
}

function pick(account) {
  for (const button of list.querySelectorAll(".account-row")) button.toggleAttribute("aria-current", button.dataset.name === account.name);
  return details.show(account);
}

function newAccount() {
  const box = byId("new");
  fill(box, h("summary", { class: "button primary" }, t("New account")), h("div", { class: "surface new-box" }, form(
    [field("name", t("Account name"), { autocapitalize: "none", autocomplete: "off", spellcheck: "false", maxlength: 64 })],
    t("Make it"), async (data, element) => {
      const made = await post("/api/accounts", { name: data.get("name") });
      element.reset();
      box.open = false;
      await load();
      await details.show({ ...made, is_new: true, grants: [] });
    })));
  box.hidden = false;
}

async function start() {
  startAccountMenu();
  me = await get("/api/me");
  details = new Details(byId("details"), me.office, () => load());
  if (me.office === "system_admin") newAccount();
  byId("what").textContent = me.office === "system_admin" ? t("You make, lock and reset accounts. Offices are granted by the security administrator.")
    : t("You grant offices on their ground. Accounts are made by the system administrator.");
  let waiting = 0;
  byId("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(load, PAUSE_MS); });
  more.addEventListener("click", () => load(next));
  await load();
}

await attempt(start, trouble);
document.body.classList.add("ready");
