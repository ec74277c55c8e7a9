// One's own account: what one holds, where one has signed in, and what one signs in with.
import { get, post, remove } from "../api.js";
import { byId, fill, h } from "../dom.js";
import { t, time } from "../i18n.js";
import { startAccountMenu } from "../ui/account.js";
import { codeField, enrol, passwordForm } from "../ui/credentials.js";
import { attempt, field, form } from "../ui/forms.js";
import { grantLine, sessionLine } from "../ui/held.js";

const trouble = byId("trouble");

function section(id, title, ...parts) {
  fill(byId(id), h("h2", {}, title), parts);
}

function showGrants({ grants }) {
  const held = grants.filter(({ holds }) => holds);
  section("grants", t("What I hold"), held.length ? h("ul", { class: "held-list" }, held.map((grant) => grantLine(grant)))
    : h("p", { class: "quiet" }, t("Nothing today. Who administers security grants offices.")));
}

function showSessions(sessions) {
  section("sessions", t("Where I am signed in"), h("ul", { class: "held-list" }, sessions.map((session) =>
    sessionLine(session, session.is_this ? null : () => attempt(async () =>
      showSessions((await remove(`/api/account/sessions/${session.id}`)).sessions), trouble)))));
}

function showPassword({ has_password: hasPassword, password_since: since, is_demo: isDemo }) {
  if (!hasPassword) {
    section("password", t("Password"), h("p", { class: "quiet" }, isDemo ? t("Accounts of the demo have none.") : t("You sign in through your city.")));
    return;
  }
  section("password", t("Password"), h("p", { class: "quiet" }, t("Since {moment}. Other sessions end when it changes.", { moment: time(since) })), passwordForm(load));
}

function showSecondFactor(account) {
  const box = h("div", { class: "form" });
  section("second-factor", t("Second factor"), box);
  if (!account.has_password) fill(box, h("p", { class: "quiet" }, t("It belongs to a password.")));
  else if (!account.second_factor_since) enrol(box, load);
  else fill(box, h("p", { class: "quiet" }, t("Since {moment}.", { moment: time(account.second_factor_since) })), !account.must_have_second_factor && removal());
}

function removal() {
  return h("details", {}, h("summary", {}, t("Remove it")), form([
    field("password", t("Password"), { type: "password", autocomplete: "current-password", maxlength: 200 }),
    codeField(),
  ], t("Remove it"), async (data) => {
    await post("/api/account/second-factor/remove", { password: data.get("password"), code: data.get("code") });
    await load();
  }, { isPlain: true }));
}

async function load() {
  await attempt(async () => {
    const account = await get("/api/account");
    byId("name").textContent = account.name;
    showGrants(account);
    showSessions(account.sessions);
    showPassword(account);
    showSecondFactor(account);
  }, trouble);
}

startAccountMenu();
await load();
document.body.classList.add("ready");
