// The case that is open: what it is about, what happened, who had it for how long, why, and the moves that are legal now.
import { get } from "../api.js";
import { byId, fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { page } from "../page.js";
import { Acting } from "./acting.js";
import { headOf } from "./casehead.js";
import { conflictNote } from "./conflict.js";
import { factsOf } from "./facts.js";
import { ledgerOf } from "./ledger.js";
import { reasonsOf } from "./reasons.js";
import { loadingNote, troubleNote } from "./states.js";
import { timelineOf } from "./timeline.js";

const TABS = {
  facts: [() => t("Case"), factsOf],
  timeline: [() => t("Course"), timelineOf],
  ledger: [() => t("Ledger"), ledgerOf],
  reasons: [() => t("Reasons"), reasonsOf],
};

export class Drawer {
  constructor(desk) {
    Object.assign(this, { desk, box: byId("drawer"), tab: "facts", id: null, detail: null, turn: 0 });
    this.acting = new Acting(this);
  }

  async open(id) {
    if (this.id === id) return;
    Object.assign(this, { id, detail: null });
    this.acting.reset();
    this.box.hidden = false;
    document.body.classList.add("has-case");
    fill(this.box, this._bar(), loadingNote());
    await this.refresh();
  }

  close() {
    Object.assign(this, { id: null, detail: null });
    this.turn += 1;
    this.aside(false);
    this.box.hidden = true;
    document.body.classList.remove("has-case");
    fill(this.box);
  }

  // Asked for anew, when it is opened and when somebody did something to it, perhaps we; what is being written stays.
  async refresh() {
    if (!this.id) return;
    this.turn += 1;
    const { turn, id } = this;
    try {
      const detail = await get(`/api/cases/${id}`, { lang: page.language });
      if (turn !== this.turn) return;
      this.detail = detail;
      this.draw();
    } catch (error) {
      if (turn === this.turn)
        fill(
          this.box,
          this._bar(),
          troubleNote(error, () => this.refresh()),
        );
    }
  }

  tick() {
    if (this.detail) this.box.querySelector(".case-head")?.replaceWith(headOf(this.detail));
  }

  draw() {
    const focused = this.box.contains(document.activeElement) ? document.activeElement.id : null;
    const scrolled = this.box.querySelector(".case-body")?.scrollTop ?? 0;
    const foot = this.acting.foot(this.detail);
    const { conflict } = this.acting;
    const body = h("div", { class: "case-body", id: "case-body", role: "tabpanel" }, this._part(this.tab));
    const note = conflict && conflictNote(conflict, this.detail);
    fill(this.box, this._bar(), headOf(this.detail), note, this._tabs(), body, foot);
    body.scrollTop = scrolled;
    (focused ? byId(focused) : this.box)?.focus({ preventScroll: true });
  }

  _part(name) {
    return TABS[name][1](this.detail, this.desk, this);
  }

  _bar() {
    const button = (name, words, onclick) =>
      h(
        "button",
        { type: "button", id: `drawer-${name}`, class: "round", title: words, "aria-label": words, onclick },
        icon(name),
      );
    return h(
      "div",
      { class: "case-bar" },
      h("span", { class: "code" }, t("Case {id}", { id: this.id })),
      h("span", { class: "grow" }),
      button("print", t("Print"), () => window.print()),
      button("close", t("Close"), () => this.desk.close()),
    );
  }

  _tabs() {
    const tab = (name) => {
      const marks = { role: "tab", "data-tab": name, "aria-selected": String(name === this.tab), "aria-controls": "case-body" };
      return h("button", { type: "button", ...marks, onclick: () => this._turnTo(name) }, TABS[name][0]());
    };
    return h("div", { class: "case-tabs", role: "tablist" }, Object.keys(TABS).map(tab));
  }

  _turnTo(name) {
    this.tab = name;
    this.draw();
    this.box.querySelector(".case-body").scrollTop = 0;
  }

  // Out of the way while people point at the map.
  aside(isAside) {
    document.body.classList.toggle("case-aside", isAside);
    if (isAside && this.desk.isNarrow) document.body.dataset.pane = "map";
  }

  // Escape takes back pointing at the map, then the form; true when there was something to take back.
  escape() {
    if (!document.body.classList.contains("case-aside")) return this.acting.cancel();
    this.desk.pane.stopAsking();
    this.aside(false);
    return true;
  }

  forPaper() {
    const part = (name) => h("section", {}, h("h2", {}, TABS[name][0]()), this._part(name));
    return [h("h1", {}, t("Case {id}", { id: this.id })), headOf(this.detail), Object.keys(TABS).map(part)];
  }
}
