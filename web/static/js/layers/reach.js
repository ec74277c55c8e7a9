// What is within the walking time of facilities: softly filled along the streets, dashed for the straight radius.
import { features, get } from "../api.js";
import { shapeOf, union } from "../geometry.js";
import { colour } from "../tokens.js";

const MINUTES = 20;

export class Reach {
  constructor(method, view, { changed, failed }) {
    Object.assign(this, { method, view, changed, failed });
    this.layer = `reach-${method}`;
    this.byFacility = new Map();
    view.on(["on", "picked"], () => this.start());
  }

  isOn() {
    return this.view.get().on.has(this.layer);
  }

  // The facility whose area alone is shown.
  picked() {
    const { picked } = this.view.get();
    return picked?.kind === "facility" ? this.byFacility.get(picked.code) : null;
  }

  // Fetched at the first wish for it; nobody pays for what nobody looks at.
  start() {
    if (this.loading || !(this.isOn() || this.view.get().picked?.kind === "facility")) return;
    this.loading = this._load().catch((error) => {
      this.loading = null;
      this.failed(error);
    });
  }

  async loaded() {
    this.start();
    await this.loading;
    return this.byFacility;
  }

  async _load() {
    const query = { method: this.method, minutes: MINUTES };
    const [{ build }, found] = await Promise.all([
      get("/api/service-areas", { ...query, limit: 1 }),
      features("/api/service-areas", query),
    ]);
    this.build = build;
    for (const { geometry, properties } of found.features) {
      this.byFacility.set(properties.facility_code, { ...shapeOf(geometry), properties });
    }
    this.whole = union(this.byFacility.values());
    this.changed();
  }

  paint(sheet) {
    const picked = this.picked();
    if (picked) this._paintOne(sheet, picked.path, 0.2, 2);
    else if (this.isOn() && this.whole) this._paintOne(sheet, this.whole, 0.2, 1.6);
  }

  // Borders inside the union vanish: the stroke is drawn first, then everything inside is erased and tinted once.
  _paintOne(sheet, path, alpha, width) {
    const ink = colour(this.layer);
    const isNetwork = this.method === "network";
    sheet.stroke(path, ink, width * 2, { dash: isNetwork ? [] : [9, 7] });
    sheet.erase(path);
    if (isNetwork) sheet.fill(path, ink, alpha);
  }
}
