// The door: sign in by name and password, or with one click to an account of the demo; then on to where one wanted to go.
import { post } from "./api.js";
import { byId, fill, h, icon } from "./dom.js";
import { nameOf, t } from "./i18n.js";
import { page } from "./page.js";
import { groundName, officeName } from "./ui/offices.js";

const card = byId("way");

function field(name, label, properties = {}) {
  return h("label", { class: "login-field" }, h("span", {}, label), h("input", { name, required: true, ...properties }));
}

function signIn() {
  return form(t("Sign in"), [
    field("name", t("Account name"), { autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: 100, autofocus: !page.demo.length }),
    field("password", t("Password"), { type: "password", autocomplete: "current-password", maxlength: 200 }),
  ], t("Sign in"), (data) => post("/api/session", { name: data.get("name"), password: data.get("password") }));
}

// A form that sends itself once at a time, goes on when it succeeded, and else says why not.
function form(title, fields, label, send) {
  const trouble = h("p", { class: "login-trouble", role: "alert", hidden: true });
  const button = h("button", { type: "submit", class: "button primary" }, label);
  return h("form", { onsubmit: async (event) => {
    event.preventDefault();
    button.disabled = true;
    await attempt(() => send(new FormData(event.target)), trouble);
    button.disabled = false;
  } }, h("h2", {}, title), fields, trouble, button);
}

async function attempt(send, trouble) {
  trouble.hidden = true;
  try {
    goOn(await send());
  } catch (error) {
    trouble.textContent = error.message;
    trouble.hidden = false;
  }
}

function goOn({ stage, home }) {
  if (stage === "open") location.assign(page.next ?? home);
  else location.reload();
}

function demoAccount(account) {
  const ground = groundName(account.office, account.ground_name && nameOf({ name: account.ground_name, name_en: account.ground_name_en }));
  return h("li", {}, h("button", { type: "button", class: "demo-account", "data-account": account.name, onclick: (event) => {
    event.currentTarget.disabled = true;
    const trouble = card.querySelector(".login-trouble");
    attempt(() => post("/api/session/demo", { name: account.name }), trouble).finally(() => { event.target.disabled = false; });
  } }, h("strong", {}, officeName(account.office)), h("span", { class: "quiet" }, ground), icon("right")));
}

fill(card, signIn());
if (page.demo.length) fill(byId("demo"), page.demo.map(demoAccount));
document.body.classList.add("ready");
