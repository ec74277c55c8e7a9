// Reporting an incident: choose the place on the map, say what it is, send, and follow it.
import { ApiError, newKey, post } from "../api.js";
import { byId, h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import * as panel from "./panel.js";
import { action, heading } from "./parts.js";

const DATUM = "cgcs2000"; // what the map is drawn in
const LONGEST = 500;

export class ReportForm {
  // `app` tells what lies at a place and shows the incident that came of it.
  constructor(map, app) {
    Object.assign(this, { map, app, isPlacing: false, pin: null });
    byId("report").addEventListener("click", () => (this.isPlacing ? this.cancel() : this.choosePlace()));
    byId("hint-cancel").addEventListener("click", () => this.cancel());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.isPlacing && this.cancel());
  }

  choosePlace() {
    panel.close();
    this._placing(true);
  }

  cancel() {
    this._placing(false);
    this.clear();
  }

  _placing(isPlacing) {
    this.isPlacing = isPlacing;
    document.body.classList.toggle("placing", isPlacing);
    byId("hint").hidden = !isPlacing;
    byId("report").setAttribute("aria-pressed", String(isPlacing));
  }

  open(place) {
    this._placing(false);
    this._pinAt(place);
    this.key = newKey();
    panel.open(this._form());
    this._tellPlace();
    this.category.focus({ preventScroll: true });
  }

  clear() {
    this.pin?.remove();
    this.pin = null;
  }

  _pinAt({ lng, lat }) {
    this.clear();
    const shape = L.divIcon({ className: "pin", iconSize: [30, 38], iconAnchor: [15, 36] });
    this.pin = L.marker([lat, lng], { icon: shape, draggable: true, keyboard: false, title: t("Drag to adjust") });
    this.pin.on("drag", () => this._tellPlace()).addTo(this.map);
  }

  _form() {
    this.where = h("p", { class: "where" });
    const first = h("option", { value: "" }, t("Choose …"));
    this.category = h("select", { id: "category", required: true }, first, this._options());
    const placeholder = t("What is to be seen? No names or telephone numbers, please.");
    this.description = h("textarea", { id: "description", rows: 3, maxlength: LONGEST, placeholder });
    this.trouble = h("p", { class: "problem", role: "alert", hidden: true });
    this.send = h("button", { type: "submit", class: "button primary" }, icon("send"), t("Send the report"));
    const onsubmit = (event) => {
      event.preventDefault();
      this._submit();
    };
    return h(
      "form", { class: "report", onsubmit },
      heading(t("Report an incident"), t("New")),
      h("div", { class: "place" }, icon("pin"), this.where),
      h("label", { for: "category" }, t("What is it?")), this.category,
      h("label", { for: "description" }, t("Description")), this.description,
      this._contact(),
      this.trouble,
      h("div", { class: "actions" }, this.send, action(t("Cancel"), "close", () => panel.close(), "plain")),
    );
  }

  // Told only by who wants to be called back.
  _contact() {
    this.name = h("input", { id: "contact-name", maxlength: 40, autocomplete: "name" });
    this.phone = h("input", { id: "contact-phone", type: "tel", maxlength: 30, pattern: "[0-9+\\(\\) \\-]*", autocomplete: "tel" });
    return h(
      "details", { class: "contact" },
      h("summary", {}, t("May we call you back?")),
      h("label", { for: "contact-name" }, t("Full name")), this.name,
      h("label", { for: "contact-phone" }, t("Telephone")), this.phone,
      h("p", { class: "quiet" }, t("Kept encrypted, shown only to who works on this case, and deleted some time after it is closed.")),
    );
  }

  _options() {
    const option = (one) => h("option", { value: one.code }, nameOf(one));
    return this.app.categoryTree.map((group) => h("optgroup", { label: nameOf(group) }, group.children.map(option)));
  }

  _tellPlace() {
    const { lat, lng } = this.pin.getLatLng();
    const names = this.app.placesAt(lng, lat).map(nameOf);
    this.where.replaceChildren(
      h("strong", {}, names.join(" › ") || t("Outside every community")),
      h("span", { class: "code" }, `${lng.toFixed(6)}, ${lat.toFixed(6)}`),
    );
  }

  async _submit() {
    this.send.disabled = true;
    this.trouble.hidden = true;
    try {
      const told = this._told();
      const incident = await post("/api/incidents", told, { "Idempotency-Key": this.key });
      this.clear();
      this.app.reported(incident, told);
    } catch (error) {
      this._failed(error);
    }
  }

  _told() {
    const { lat, lng } = this.pin.getLatLng();
    const place = { lon: Number(lng.toFixed(7)), lat: Number(lat.toFixed(7)), datum: DATUM };
    const told = { ...place, category: this.category.value, description: this.description.value.trim() };
    const contact = { name: this.name.value.trim() || null, phone: this.phone.value.trim() || null };
    return contact.name || contact.phone ? { ...told, contact } : told;
  }

  // The key stays when nobody answered: sending again can't make two incidents.
  _failed(error) {
    const isAnswered = error instanceof ApiError && error.status < 500;
    if (isAnswered) this.key = newKey();
    this.trouble.textContent = isAnswered ? error.message : t("Not sent: the server does not answer. Please try again.");
    this.trouble.hidden = false;
    this.send.disabled = false;
  }
}
