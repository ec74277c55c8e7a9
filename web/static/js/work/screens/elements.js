// The elements of the worker's cells: people, places, things, events, organisations. Masked; found, added, corrected on the spot.
import { ago } from "../../desk/time.js";
import { emptyNote, loadingNote } from "../../desk/states.js";
import { fill, h, icon } from "../../dom.js";
import { t } from "../../i18n.js";
import { openElement } from "../element.js";
import { askForElement } from "../elementform.js";
import { KINDS, titleOf } from "../elements.js";
import { changesWaiting } from "../rounds.js";

const PAUSE_MS = 250;

export function open(root, phone) {
  const screen = new Elements(root, phone);
  return () => screen.leave();
}

class Elements {
  constructor(root, phone) {
    Object.assign(this, { phone, kind: null, typed: "", rows: phone.state.get().elements, next: null });
    const oninput = ({ target }) => this._typed(target.value);
    const search = h("label", { class: "form-field" }, h("span", {}, t("Search by word, name or whole number")), h("input", { type: "search", id: "search", autocomplete: "off", enterkeyhint: "search", oninput }));
    this.chooser = h("div", { class: "kinds", role: "group", "aria-label": t("Kind") });
    this.note = h("p", { class: "quiet", role: "status" });
    this.box = h("ul", { class: "entries" });
    this.more = h("button", { type: "button", class: "button outlined wide", hidden: true, onclick: () => this._load(this.next) }, t("Show more"));
    const add = h("button", { type: "button", class: "button primary wide", id: "add-element", onclick: () => askForElement(phone) }, icon("plus"), t("Add to the list"));
    root.append(search, this.chooser, this.note, this.box, this.more, add);
    this.off = phone.state.on(["elements", "pending"], (_now, change) => ("elements" in change ? this._load() : this._draw()));
    this._draw();
    this._load();
  }

  leave() {
    this.off();
    clearTimeout(this.timer);
  }

  _typed(text) {
    this.typed = text.trim();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this._load(), PAUSE_MS);
  }

  _choose(kind) {
    this.kind = kind;
    this._load();
  }

  // The answer to what was asked last counts; without signal, what the phone keeps.
  async _load(after = 0) {
    const asked = (this.asked = new URLSearchParams({ ...(this.kind && { kind: this.kind }), ...(this.typed && { q: this.typed }), after }));
    const { status, body } = await this.phone.ask(`/api/work/elements?${asked}`);
    if (asked !== this.asked) return;
    const found = status === 200 ? body : { elements: this._kept(), next: null };
    this.rows = after ? [...this.rows, ...found.elements] : found.elements;
    this.next = found.next;
    this.note.textContent = status === 200 ? "" : t("No signal: only what was loaded before, found by its words.");
    this._draw();
  }

  _kept() {
    const has = ({ title, label, note, name }) => [title, label, note, name].some((text) => text?.includes(this.typed));
    return (this.phone.state.get().elements ?? []).filter((row) => (!this.kind || row.kind === this.kind) && has(row));
  }

  _draw() {
    fill(this.chooser, [[null, t("All")], ...Object.entries(KINDS).map(([kind, words]) => [kind, words()])].map(([kind, words]) => this._kind(kind, words)));
    this.more.hidden = this.next === null;
    if (!this.rows) return fill(this.box, h("li", {}, loadingNote()));
    return fill(this.box, this.rows.length ? this.rows.map((row) => this._entry(row)) : h("li", {}, emptyNote(t("Nothing found."))));
  }

  _kind(kind, words) {
    return h("button", { type: "button", "aria-pressed": String(kind === this.kind), onclick: () => this._choose(kind) }, words);
  }

  _entry(row) {
    const waiting = changesWaiting(this.phone.state.get(), row.id);
    const told = [KINDS[row.kind](), row.label, row.phone].filter(Boolean).join(" · ");
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "entry", "data-element": row.id, onclick: () => openElement(this.phone, row) },
        h("span", {}, h("strong", {}, titleOf(row)), h("span", { class: "quiet" }, told), waiting > 0 && h("span", { class: "case-waits" }, icon("clock"), t("Waiting to be sent")), h("span", { class: "quiet" }, t("Confirmed {when}", { when: ago(row.confirmed_at) }))),
        icon("right"),
      ),
    );
  }
}
