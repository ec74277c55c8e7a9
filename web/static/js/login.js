// The door: sign in by name and password, or with one click to an account of the demo; do what is still to be done; then go on to
// where one wanted to go.
import { post, remove } from "./api.js";
import { byId, fill, h, icon } from "./dom.js";
import { nameOf, t } from "./i18n.js";
import { page } from "./page.js";
import { codeField, enrol, passwordForm } from "./ui/credentials.js";
import { attempt, field, form } from "./ui/forms.js";
import { groundName, officeName } from "./ui/offices.js";

const card = byId("way");
const STEPS = { second_factor: secondFactor, password: newPassword, enrolment };

function signIn() {
  show(t("Sign in"), form([
    field("name", t("Account name"), { autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: 100}),
    field("password", t("Password"), { type: "password", autocomplete: "current-password", maxlength: 200 }),
  ], t("Sign in"), async (data) => goOn(await post("/api/session", { name: data.get("name"), password: data.get("password") }))),
    page.oidc && h("a", { class: "button plain way-out", href: `/login/oidc?${new URLSearchParams({ next: page.next ?? "/" })}` }, t("Sign in with {name}", { name: page.oidc })));
}

function secondFactor() {
  show(t("Second factor"), form([codeField()], t("Go on"), async (data) =>
    goOn(await post("/api/session/second-factor", { code: data.get("code") }))), leave());
}

function newPassword() {
  show(t("Choose a password"), h("p", { class: "quiet" }, t("The one you were given is for once, or yours has become old.")), passwordForm(goOn), leave());
}

function enrolment() {
  const box = h("div", { class: "form" });
  enrol(box, goOn);
  show(t("Set up the second factor"), h("p", { class: "quiet" }, t("No administrator goes without.")), box, leave());
}

function show(title, ...parts) {
  fill(card, h("h2", {}, title), parts);
}

function leave() {
  return h("button", { type: "button", class: "link way-out", onclick: async () => {
    await remove("/api/session").catch(() => null);
    location.reload();
  } }, t("Start again"));
}

function goOn({ stage, home }) {
  if (stage === "open") {
    location.assign(page.next ?? home);
    return;
  }
  STEPS[stage]();
  card.querySelector("input").focus();
}

function demoAccount(account) {
  const ground = groundName(account.office, account.ground_name && nameOf({ name: account.ground_name, name_en: account.ground_name_en }));
  const trouble = byId("demo-trouble");
  const enter = async ({ currentTarget: button }) => {
    button.disabled = true;
    await attempt(async () => goOn(await post("/api/session/demo", { name: account.name })), trouble);
    button.disabled = false;
  };
  return h("li", {}, h("button", { type: "button", class: "demo-account", "data-account": account.name, onclick: enter },
    h("strong", {}, officeName(account.office)), h("span", { class: "quiet" }, ground), icon("right")));
}

(STEPS[page.stage] ?? signIn)();
if (page.stage || !page.demo.length) card.querySelector("input").focus();
if (page.demo.length) fill(byId("demo"), page.demo.map(demoAccount));
document.body.classList.add("ready");
