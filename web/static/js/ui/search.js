// Search by name or code: a combobox that the keyboard can use throughout.
import { get } from "../api.js";
import { byId, fill, h } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { FACILITY, LEVEL, say } from "./words.js";

const PAUSE_MS = 160;
const input = byId("search");
const list = byId("search-results");

export class Search {
  constructor(choose) {
    Object.assign(this, { choose, results: [], active: -1, asked: 0 });
    input.addEventListener("input", () => this._later());
    input.addEventListener("keydown", (event) => this._key(event));
    input.addEventListener("focus", () => this.results.length && this._show(true));
    input.addEventListener("blur", () => setTimeout(() => this._show(false), 150));
    document.addEventListener("keydown", (event) => this._shortcut(event));
  }

  _shortcut(event) {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key !== "/" || isTyping) return;
    event.preventDefault();
    input.focus();
  }

  _later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this._ask(), PAUSE_MS);
  }

  async _ask() {
    const wanted = input.value.trim();
    this.asked += 1;
    const turn = this.asked;
    const results = wanted ? await get("/api/search", { q: wanted }).then((body) => body.results, () => []) : [];
    if (turn !== this.asked) return;
    this.results = results;
    this.active = results.length ? 0 : -1;
    this._draw(wanted);
  }

  _draw(wanted) {
    const none = h("li", { class: "quiet" }, t("Nothing found"));
    fill(list, this.results.length ? this.results.map((result, index) => this._option(result, index)) : none);
    this._show(Boolean(wanted));
    this._mark();
  }

  _option(result, index) {
    const kind = say(result.kind === "facility" ? FACILITY : LEVEL, result.level ?? result.kind);
    const onmousedown = (event) => {
      event.preventDefault();
      this._take(index);
    };
    const name = h("span", { class: "name" }, nameOf(result));
    const more = h("span", { class: "quiet" }, `${kind} · ${result.code}`);
    return h("li", { role: "option", id: `result-${index}`, onmousedown }, name, more);
  }

  _key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.results.length) this._move(step, event);
    else if (event.key === "Enter" && this.active >= 0) this._take(this.active);
    else if (event.key === "Escape") this._leave(event);
  }

  _move(step, event) {
    event.preventDefault();
    this.active = (this.active + step + this.results.length) % this.results.length;
    this._show(true);
    this._mark();
  }

  _mark() {
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.active)));
    input.setAttribute("aria-activedescendant", this.active >= 0 ? `result-${this.active}` : "");
    list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  _leave(event) {
    event.preventDefault();
    this._show(false);
    input.blur();
  }

  _take(index) {
    const chosen = this.results[index];
    input.value = nameOf(chosen);
    this._show(false);
    input.blur();
    this.choose(chosen);
  }

  _show(isShown) {
    list.hidden = !isShown;
    input.setAttribute("aria-expanded", String(isShown));
  }
}
