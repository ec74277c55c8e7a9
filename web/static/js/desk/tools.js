// What is taken away: the cases that the filters leave as a file, or on paper.
import { byId, fill, h, icon } from "../dom.js";
import { t } from "../i18n.js";

const FORMATS = ["csv", "xlsx"];

export class Tools {
  constructor(desk) {
    this.desk = desk;
    desk.store.on(["query"], () => this._draw());
    document.addEventListener(
      "click",
      (event) => !event.target.closest(".menu > summary") && byId("tools").firstChild?.removeAttribute("open"),
    );
    this._draw();
  }

  _draw() {
    const link = (format) =>
      h(
        "a",
        {
          class: "button quiet-button",
          id: `export-${format}`,
          href: this.desk.address(`/api/cases/export.${format}`),
          download: "",
        },
        icon("save"),
        t("Export as {format}", { format: format.toUpperCase() }),
      );
    const print = h(
      "button",
      { type: "button", id: "print-list", class: "button quiet-button", onclick: () => window.print() },
      icon("print"),
      t("Print"),
    );
    const open = h("summary", { class: "button small", title: t("Export"), "aria-label": t("Export") }, icon("save"));
    fill(
      byId("tools"),
      h("details", { class: "menu" }, open, h("div", { class: "menu-list surface" }, FORMATS.map(link), print)),
    );
  }
}
