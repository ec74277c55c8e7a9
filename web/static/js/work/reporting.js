// What the screen of a report does: pictures, one of the usual categories, the place; what was begun is kept until it is sent.
import { fill, h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { followOf, newReport } from "./deeds.js";
import { Doubles } from "./doubles.js";
import { Draft } from "./draft.js";
import { Pictures } from "./pictures.js";
import { Placing } from "./placing.js";
import { say } from "./said.js";
import { choices, closeSheet, openSheet } from "./sheet.js";

const LONGEST = 2000;

export class ReportScreen {
  static async open(root, phone) {
    return new ReportScreen(root, phone, await Draft.open(phone.kept));
  }

  constructor(root, phone, draft) {
    Object.assign(this, { phone, draft, category: draft.told.category ?? null });
    const { place = null, cell = null, description = "", seen_at: seen = null } = draft.told;
    this.seenAt = seen;
    this.pictures = new Pictures({ words: t("Take a photo"), changed: () => this._photographed() });
    this.pictures.keep(draft.pictures);
    this.doubles = new Doubles(phone, (one) => this._follow(one));
    this.placing = new Placing(phone, { place, cell, changed: () => this._placed() });
    this.usual = h("div", { class: "usual", role: "group", "aria-label": t("What is it?") });
    this.text = h("textarea", { rows: 2, maxlength: LONGEST, placeholder: t("No names or telephone numbers, please."), oninput: () => draft.put({ description: this.text.value }) });
    this.text.value = description;
    this.send = h("button", { type: "submit", class: "button primary", onclick: () => this._send() }, icon("send"), t("Report it"));
    root.append(this._form(), h("div", { class: "case-bar" }, this.send));
    this.off = phone.state.on(["categories"], () => this._offer());
    this._offer();
    this.placing.begin();
  }

  leave() {
    this.off();
    this.doubles.stop();
    this.placing.leave();
    closeSheet();
  }

  _form() {
    return h(
      "div",
      { class: "case report" },
      this.pictures.element,
      h("h2", { class: "ask" }, t("What is it?")),
      this.usual,
      this.doubles.element,
      h("h2", { class: "ask" }, t("Where is it?")),
      this.placing.element,
      h("label", { class: "form-field" }, h("span", {}, t("Description (may be left out)")), this.text),
    );
  }

  // The usual ones of these cells, the chosen one if it is another, and the way to all.
  _offer() {
    const { categories, bundle } = this.phone.state.get();
    const all = categories.flatMap(({ children }) => children);
    const shown = bundle.usual.map((code) => all.find((one) => one.code === code)).filter(Boolean);
    const chosen = all.find(({ code }) => code === this.category);
    if (chosen && !shown.includes(chosen)) shown.push(chosen);
    const button = (one) => h("button", { type: "button", class: "usual-one", "aria-pressed": String(one === chosen), onclick: () => this._choose(one.code) }, nameOf(one));
    fill(this.usual, shown.map(button), h("button", { type: "button", class: "usual-one is-other", onclick: () => this._askAll(categories) }, icon("more"), t("Another …")));
  }

  _askAll(categories) {
    const group = (major) => [h("h3", {}, nameOf(major)), choices(major.children.map((one) => [nameOf(one), () => this._choose(one.code)]))];
    openSheet(t("What is it?"), ...categories.flatMap(group));
  }

  _choose(category) {
    this.category = category;
    closeSheet();
    this.draft.put({ category });
    this._offer();
    this._placed();
  }

  // Seen when the first picture was taken.
  async _photographed() {
    this.seenAt ??= new Date().toISOString();
    this.draft.put({ seen_at: this.seenAt });
    await this.draft.putPictures(await this.pictures.ready());
  }

  _placed() {
    const { placing } = this;
    this.draft.put({ place: placing.chosen, cell: placing.picked });
    this.doubles.look(placing.place, this.category);
  }

  async _send() {
    const missing = (!this.category && t("Please say what it is.")) || (!this.placing.place && t("Please say where it is: touch the map."));
    if (missing) return say(missing);
    this.send.disabled = true;
    return this._keep(newReport(this._told(), await this.pictures.ready()));
  }

  _told() {
    const { categories } = this.phone.state.get();
    const { place, picked } = this.placing;
    const category = categories.flatMap(({ children }) => children).find(({ code }) => code === this.category);
    return { place, cell: picked, category, description: this.text.value.trim(), seenAt: this.seenAt ?? new Date().toISOString() };
  }

  // He adds to what is known instead of reporting it again.
  async _follow(one) {
    this.send.disabled = true;
    const note = this.text.value.trim();
    return this._keep(followOf(one, note, await this.pictures.ready()));
  }

  // In the outbox first; only then is the draft thrown away.
  async _keep(item) {
    await this.phone.outbox.add(item);
    await this.draft.forget();
    say(t("Stored. It goes out as soon as there is a signal."));
    this.phone.go("list");
  }
}
