// As whom the desk acts. Who changes it sees his own ground from then on.
import { get, put } from "../api.js";
import { byId, h } from "../dom.js";
import { t } from "../i18n.js";
import { Combobox } from "../ui/combobox.js";
import { drawActor } from "./choosing.js";
import { callerName } from "./people.js";
import { closeDialog, openDialog } from "./dialog.js";

export class Me {
  constructor(desk) {
    this.desk = desk;
    byId("me").addEventListener("click", () => this._ask());
  }

  async start() {
    try {
      this.who = await get("/api/me");
      this._draw();
    } catch (error) {
      this.desk.failed(error);
    }
  }

  _draw() {
    const name = callerName(this.who);
    byId("me-name").textContent = name;
    byId("me").title = t("You act as {name}", { name });
  }

  _ask() {
    const input = h("input", {
      id: "f-me",
      type: "text",
      role: "combobox",
      "aria-expanded": "true",
      autocomplete: "off",
      placeholder: t("Name …"),
      "aria-label": t("Act as"),
    });
    const list = h("ul", { class: "results is-open", role: "listbox" });
    const choices = new Combobox(input, list, {
      ask: async (q) => (await get("/api/me/parts", { q: q || null })).parts,
      draw: drawActor,
      take: (one) => this._become(one),
      name: "me",
      isEager: true,
    });
    openDialog(
      t("Act as"),
      h("p", { class: "quiet" }, t("The desk shows the cases of this office's ground and the moves that are its to make.")),
      h("div", { class: "combo is-open" }, input, list),
    );
    input.focus();
    choices.propose();
  }

  async _become({ actor }) {
    try {
      this.who = await put("/api/me", { actor });
      closeDialog();
      this._draw();
      this.desk.unmark();
      this.desk.drawer.refresh();
      await Promise.all([this.desk.load(), this.desk.chips.start()]);
    } catch (error) {
      this.desk.failed(error);
    }
  }
}
