// Taking a layer away as a file: what, as what, in which coordinates, and whether only what is in view.
import { download } from "../api.js";
import { byId, h, icon } from "../dom.js";
import { t } from "../i18n.js";
import * as panel from "./panel.js";
import { action, heading } from "./parts.js";
import { EXPORT_FORMAT, EXPORT_LAYER, EXPORT_PLACE } from "./words.js";

const WITHOUT_PLACES = ["workers", "calendar"];
const GBK = "gbk"; // what older programs read

export class ExportForm {
  constructor(map) {
    this.map = map;
    const open = h("button", { type: "button", id: "export", class: "line export", onclick: () => this.open() }, icon("save"), h("span", { class: "text" }, t("Export a layer …")));
    byId("legend-body").append(h("section", { class: "group" }, open));
  }

  open() {
    panel.open(this._form());
    this.layer.focus({ preventScroll: true });
  }

  _form() {
    this.layer = choice("export-layer", EXPORT_LAYER);
    this.format = choice("export-format", EXPORT_FORMAT);
    this.place = choice("export-crs", EXPORT_PLACE);
    this.inView = h("input", { type: "checkbox", id: "export-view" });
    this.isGbk = h("input", { type: "checkbox", id: "export-gbk" });
    this.said = h("p", { class: "quiet", role: "status" });
    this.trouble = h("p", { class: "problem", role: "alert", hidden: true });
    this.send = h("button", { type: "submit", class: "button primary" }, icon("save"), t("Download"));
    const onsubmit = (event) => {
      event.preventDefault();
      this._submit();
    };
    const form = h(
      "form", { class: "report", onsubmit, onchange: () => this._offer() },
      heading(t("Export a layer"), t("Takes data away as a file that imports again")),
      h("label", { for: "export-layer" }, t("Layer")), this.layer,
      h("label", { for: "export-format" }, t("Format")), this.format,
      h("label", { for: "export-crs" }, t("Coordinates")), this.place,
      h("label", { class: "check" }, this.inView, t("Only what is in view")),
      h("label", { class: "check" }, this.isGbk, t("GBK, for older programs")),
      this.said, this.trouble,
      h("div", { class: "actions" }, this.send, action(t("Cancel"), "close", () => panel.close(), "plain")),
    );
    this._offer();
    return form;
  }

  // Only what goes together.
  _offer() {
    this.inView.disabled = WITHOUT_PLACES.includes(this.layer.value);
    this.isGbk.disabled = !["csv", "shapefile"].includes(this.format.value);
  }

  async _submit() {
    this.send.disabled = true;
    this.trouble.hidden = true;
    this.said.textContent = t("Being written …");
    try {
      const { blob, name, rows, remarks } = await download(`/api/layers/${this.layer.value}/export`, this._told());
      keep(blob, name);
      this.said.textContent = [t("{count} rows written to {file}", { count: rows, file: name }), ...remarks].join(" · ");
    } catch (error) {
      this.said.textContent = "";
      this.trouble.textContent = error.message;
      this.trouble.hidden = false;
    }
    this.send.disabled = false;
  }

  _told() {
    const isOn = (box) => box.checked && !box.disabled;
    const encoding = isOn(this.isGbk) ? GBK : null;
    const bbox = isOn(this.inView) ? this.map.getBounds().toBBoxString() : null;
    return { format: this.format.value, crs: this.place.value, encoding, bbox };
  }
}

function choice(id, words) {
  return h("select", { id }, Object.entries(words).map(([value, word]) => h("option", { value }, word())));
}

function keep(blob, name) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
