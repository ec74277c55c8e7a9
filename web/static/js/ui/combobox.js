// A field that proposes what fits while people type; the keyboard can use it throughout. Used for search and for choosing.
import { fill, h } from "../dom.js";
import { t } from "../i18n.js";

const PAUSE_MS = 160;

export class Combobox {
  // `ask(text)` gives results, `draw(result)` what stands in the list, `take(result)` gets what was chosen.
  // `name` begins the ids of the options. With `isEager` results are proposed before anything is typed, at a click or ↓.
  constructor(input, list, { ask, draw, take, name, isEager = false }) {
    Object.assign(this, { input, list, ask, draw, take, name, isEager, results: [], active: -1, asked: 0 });
    input.addEventListener("input", () => this._later());
    input.addEventListener("keydown", (event) => this._key(event));
    input.addEventListener("focus", () => !isEager && this.results.length && this._show(true));
    input.addEventListener("click", () => isEager && this.propose());
    input.addEventListener("blur", () => setTimeout(() => this._show(false), 150));
  }

  propose() {
    return this._ask();
  }

  _later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this._ask(), PAUSE_MS);
  }

  async _ask() {
    const wanted = this.input.value.trim();
    this.asked += 1;
    const turn = this.asked;
    const results = wanted || this.isEager ? await this.ask(wanted).catch(() => []) : [];
    if (turn !== this.asked) return;
    this.results = results;
    this.active = results.length && wanted ? 0 : -1;
    this._draw(wanted);
  }

  _draw(wanted) {
    const none = h("li", { class: "quiet" }, t("Nothing found"));
    fill(this.list, this.results.length ? this.results.map((result, index) => this._option(result, index)) : none);
    this._show(this.isEager ? document.activeElement === this.input : Boolean(wanted));
    this._mark();
  }

  _option(result, index) {
    const onmousedown = (event) => {
      event.preventDefault();
      this._choose(index);
    };
    return h("li", { role: "option", id: `${this.name}-${index}`, onmousedown }, this.draw(result));
  }

  _key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.results.length) this._move(step, event);
    else if (step > 0 && this.isEager) this.propose();
    else if (event.key === "Enter" && this.active >= 0 && !this.list.hidden) this._enter(event);
    else if (event.key === "Escape") this._leave(event);
  }

  _enter(event) {
    event.preventDefault();
    this._choose(this.active);
  }

  _move(step, event) {
    event.preventDefault();
    this.active = (Math.max(this.active, step < 0 ? 0 : -1) + step + this.results.length) % this.results.length;
    this._show(true);
    this._mark();
  }

  _mark() {
    [...this.list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === this.active)));
    this.input.setAttribute("aria-activedescendant", this.active >= 0 ? `${this.name}-${this.active}` : "");
    this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  _leave(event) {
    event.preventDefault();
    this._show(false);
    this.input.blur();
  }

  _choose(index) {
    this.asked += 1;
    this._show(false);
    this.take(this.results[index]);
  }

  _show(isShown) {
    this.list.hidden = !isShown;
    this.input.setAttribute("aria-expanded", String(isShown));
  }
}
