// The ground of a grant, chosen from what there is: units of the right level, workers by their number, agencies, facilities.
import { get } from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { Combobox } from "../ui/combobox.js";

export class GroundField {
  // `office()` says for which office it is looked for.
  constructor(office) {
    this.office = office;
    this.value = null;
    this.label = h("span", { id: "ground-label" });
    this.input = h("input", {
      id: "ground", type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": "grounds", "aria-labelledby": "ground-label",
      autocomplete: "off", maxlength: 60, placeholder: t("Name or code …"), oninput: () => this._keep(null),
    });
    this.list = h("ul", { id: "grounds", class: "surface results", role: "listbox", hidden: true });
    this.box = h("div", { class: "form-field combo" }, this.label, this.input, this.list);
    new Combobox(this.input, this.list, { ask: (q) => this._find(q), draw, take: (one) => this._take(one), name: "ground", isEager: true });
  }

  // Begin anew under other words; none: the office has no ground.
  ask(words) {
    this.input.value = "";
    this._keep(null);
    this.box.hidden = !words;
    this.input.required = Boolean(words);
    this.label.textContent = words?.() ?? "";
    this._check();
  }

  async _find(q) {
    return (await get("/api/grounds", { office: this.office(), q: q || null })).grounds;
  }

  _take(one) {
    this.input.value = [nameOf(one), one.name && one.code].filter(Boolean).join(" · ");
    this._keep(one.ground);
  }

  _keep(value) {
    this.value = value;
    this._check();
  }

  // What was typed and not chosen is no ground.
  _check() {
    this.input.setCustomValidity(this.input.required && this.value === null ? t("Choose one from the list.") : "");
  }
}

function nameOf({ code, name }) {
  return name ?? (Number(code) === 0 ? t("Duty desk") : code);
}

function draw(one) {
  return [h("span", { class: "name" }, nameOf(one)), h("span", { class: "quiet" }, [one.name && one.code, one.within].filter(Boolean).join(" · "))];
}
