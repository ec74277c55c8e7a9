// One account beside the list: its grants and sessions, and what its administrator may do with it.
import { get, post, remove } from "../api.js";
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";
import { attempt, field, form, select } from "../ui/forms.js";
import { grantLine, sessionLine } from "../ui/held.js";
import { officeName } from "../ui/offices.js";
import { GroundField } from "./ground.js";

const GROUNDS = {
  worker: () => t("Worker"),
  community: () => t("Community"),
  station: () => t("Facility"),
  street: () => t("Street"),
  department: () => t("Agency"),
  planner: () => t("Street or district"),
  district: () => t("District, or the duty desk"),
  system_admin: null,
  security_admin: null,
  audit_admin: null,
};

export class Details {
  constructor(box, office, changed) {
    Object.assign(this, { box, office, changed });
    this.trouble = h("p", { class: "form-trouble", role: "alert", hidden: true });
  }

  async show(account) {
    const { password, ...kept } = account;
    this.account = kept;
    this.path = `/api/accounts/${encodeURIComponent(account.name)}`;
    this.grants = h("ul", { class: "held-list" });
    const isSystem = this.office === "system_admin";
    fill(this.box, h("h2", {}, account.name), this.trouble, password && this._password(password),
      isSystem && !account.is_new && this._keeping(),
      h("h3", {}, t("Offices")), this.grants, !isSystem && this._granting(),
      isSystem && !account.is_new && this._sessions());
    this.box.hidden = false;
    this.box.scrollIntoView({ block: "nearest" });
    await this._try(async () => this._drawGrants((await get(`${this.path}/grants`)).grants));
  }

  _try(send) {
    return attempt(send, this.trouble);
  }

  // Told once: the page keeps it no longer than it is shown.
  _password(password) {
    return h("div", { class: "one-time" }, h("p", {}, t("Hand over this password. It is changed at the first sign-in, and not shown again.")), h("p", { class: "secret" }, password));
  }

  _keeping() {
    const { locked_at: lockedAt } = this.account;
    const act = (path, after) => () => this._try(async () => {
      const told = await post(`${this.path}/${path}`, {});
      await this.changed();
      await this.show({ ...this.account, ...after(told) });
    });
    return h("div", { class: "actions" },
      lockedAt ? this._button(t("Unlock"), act("unlock", () => ({ locked_at: null })))
        : this._button(t("Lock"), act("lock", () => ({ locked_at: new Date().toISOString() }))),
      this._button(t("New password"), act("reset", ({ password }) => ({ password }))));
  }

  _button(label, onclick) {
    return h("button", { type: "button", class: "button plain outlined", onclick }, label);
  }

  _drawGrants(grants) {
    const end = (grant) => this.office === "security_admin" && grant.holds ? () => this._try(async () => {
      this._drawGrants((await remove(`${this.path}/grants/${grant.id}`)).grants);
      await this.changed();
    }) : null;
    fill(this.grants, grants.length ? grants.map((grant) => grantLine(grant, end(grant))) : h("li", { class: "quiet" }, t("no office")));
  }

  _granting() {
    const office = select("office", t("Office"), Object.keys(GROUNDS).map((one) => [one, officeName(one)]), { onchange: () => ask() });
    const chosen = () => office.querySelector("select").value;
    const ground = new GroundField(chosen);
    const ask = () => ground.ask(GROUNDS[chosen()]);
    ask();
    const days = h("div", { class: "two" }, field("valid_from", t("From day"), { type: "date", required: false }), field("valid_to", t("Until before"), { type: "date", required: false }));
    return h("details", { class: "granting" }, h("summary", {}, t("Grant an office")), form([office, ground.box, days], t("Grant"), async (data, element) => {
      const wish = { office: data.get("office"), ground: ground.value, valid_from: data.get("valid_from") || null, valid_to: data.get("valid_to") || null };
      this._drawGrants((await post(`${this.path}/grants`, wish)).grants);
      element.reset();
      ask();
      await this.changed();
    }));
  }

  _sessions() {
    const list = h("ul", { class: "held-list" });
    const draw = async () => {
      const { sessions } = await get(`${this.path}/sessions`);
      const end = (session) => () => this._try(async () => {
        await remove(`${this.path}/sessions/${session.id}`);
        await draw();
      });
      fill(list, sessions.length ? sessions.map((session) => sessionLine(session, end(session))) : h("li", { class: "quiet" }, t("None is open.")));
    };
    this._try(draw);
    return [h("h3", {}, t("Open sessions")), list];
  }
}
