// What can be done to the open case: its moves as buttons, the form of the chosen one, and what is kept when somebody was faster.
import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { FORMS, isMain, movesOf } from "./forms.js";
import { MoveForm } from "./moveform.js";
import { say as announce } from "./said.js";
import { MOVE, say } from "./words.js";

export class Acting {
  // `drawer` has the case, draws it, and asks for it again.
  constructor(drawer) {
    Object.assign(this, { drawer, form: null, conflict: null, drafts: new Map() });
    document.addEventListener("pointerdown", (event) => !event.target.closest(".more-moves") && this._fold());
  }

  reset() {
    Object.assign(this, { form: null, conflict: null });
  }

  // Below the case: the form of the chosen move, else the moves.
  foot(detail) {
    this._keep(detail);
    if (this.form && !this.form.isSilent) return h("footer", { class: "case-foot" }, this.form.element());
    const moves = movesOf(detail);
    const main = moves.filter(({ event }) => isMain(event));
    const rest = moves.filter(({ event }) => !isMain(event));
    const none = h("p", { class: "quiet" }, t("Nothing to be done here by this office."));
    const buttons = [main.map((one) => this._button(one, "primary")), rest.length > 0 && this._more(rest)];
    return h("footer", { class: "case-foot" }, moves.length ? h("div", { class: "moves" }, buttons) : none);
  }

  // A form whose move is still legal stays in place with what is written in it; else somebody was faster.
  _keep(detail) {
    if (!this.form) return;
    const isLegal = movesOf(detail).some(({ event }) => event === this.form.event);
    if (isLegal) this.form.detail = detail;
    else this._tooLate(this.form.event);
  }

  // Said kindly, with what can be done now. What was written waits in the next form.
  _tooLate(event) {
    this.form = null;
    this.conflict = { event, reason: this._draft().reason };
  }

  _button(move, kind) {
    const { key, weight } = FORMS[move.event];
    const looks = `button ${kind}${weight === "grave" ? " grave" : ""}`;
    const press = { type: "button", class: looks, "data-move": move.event, onclick: () => this.choose(move) };
    return h("button", press, say(MOVE, move.event), h("kbd", {}, key.toUpperCase()));
  }

  _more(moves) {
    const buttons = moves.map((one) => this._button(one, "quiet-button"));
    const open = h(
      "summary",
      { class: "button small" },
      icon("more"),
      t("More moves"),
      h("span", { class: "count" }, moves.length),
    );
    return h("details", { class: "more-moves" }, open, h("div", { class: "more-list surface" }, buttons));
  }

  _fold() {
    this.drawer.box.querySelector(".more-moves[open]")?.removeAttribute("open");
  }

  // The legal move of a key.
  moveFor(key) {
    const { detail } = this.drawer;
    return detail && !this.form ? movesOf(detail).find(({ event }) => FORMS[event].key === key) : null;
  }

  // A move that takes nothing is made at once; others open their form.
  choose(move) {
    this._fold();
    this.conflict = null;
    this.form = new MoveForm(this.drawer.desk, this.drawer.detail, move, {
      draft: this._draft(),
      done: (event) => this._done(event),
      failed: (event) => this._refused(event),
      cancel: () => this.cancel(),
    });
    if (!FORMS[move.event].fields.length) return this.form.atOnce(() => this.drawer.draw());
    this.drawer.draw();
    return this.drawer.box.querySelector(".move-form :is(input, textarea, select)")?.focus();
  }

  _draft() {
    const { id } = this.drawer;
    if (!this.drafts.has(id)) this.drafts.set(id, {});
    return this.drafts.get(id);
  }

  // True when there was a form.
  cancel() {
    if (!this.form) return false;
    this.form = null;
    this.drawer.draw();
    return true;
  }

  async _done(event) {
    const { id } = this.drawer;
    this.drafts.delete(id);
    this.form = null;
    announce(t("Case {id}: {move}", { id, move: say(MOVE, event) }));
    await this.drawer.refresh();
  }

  async _refused(event) {
    this._tooLate(event);
    await this.drawer.refresh();
  }
}
