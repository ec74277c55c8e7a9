// Cases that may be the same thing: asked of the server where there is signal, else those that the phone has itself.
import { categoryOf } from "../desk/card.js";
import { ago } from "../desk/time.js";
import { STATE, say } from "../desk/words.js";
import { fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { metresBetween } from "./distance.js";

const NEAR_M = 50; // of the phone's own cases
const PAUSE_MS = 400;

export class Doubles {
  // `follow` is told the case that the worker takes for the same.
  constructor(phone, follow) {
    Object.assign(this, { phone, follow });
    this.element = h("section", { class: "doubles", "aria-live": "polite", hidden: true });
  }

  // Looks again a little later; of many questions only the last counts.
  look(place, category) {
    clearTimeout(this.timer);
    if (!place || !category) return this._show([]);
    this.timer = setTimeout(() => this._ask(place, category), PAUSE_MS);
    return null;
  }

  stop() {
    clearTimeout(this.timer);
  }

  async _ask({ lon, lat }, category) {
    const asked = (this.asked = new URLSearchParams({ category, lon: lon.toFixed(7), lat: lat.toFixed(7), datum: "wgs84" }));
    const { status, body } = await this.phone.ask(`/api/cases/nearby?${asked}`);
    if (asked === this.asked) this._show(status === 200 ? body.cases : this._own({ lon, lat }, category));
  }

  _own(place, category) {
    const rows = this.phone.state.get().cases.filter((row) => row.category === category && metresBetween(place, row) <= NEAR_M);
    return rows.map((row) => ({ ...row, distance_m: metresBetween(place, row) }));
  }

  _show(cases) {
    this.element.hidden = cases.length === 0;
    fill(this.element, h("h2", {}, icon("alert"), t("Reported already? Near here:")), h("ul", {}, cases.slice(0, 3).map((one) => this._entry(one))));
  }

  _entry(one) {
    const facts = [`${Math.round(one.distance_m)} m`, ago(one.filed_at), say(STATE, one.state)].join(" · ");
    return h(
      "li",
      { class: "double" },
      h("span", {}, h("strong", {}, categoryOf(one)), one.description && h("span", { class: "double-told" }, one.description), h("span", { class: "quiet" }, facts)),
      h("button", { type: "button", class: "button small", onclick: () => this.follow(one) }, t("It is this one")),
    );
  }
}
