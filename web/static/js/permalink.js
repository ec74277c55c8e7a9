// The address restores the view: ?lang=… #zoom/lat/lon?on=layers&standard=…&pick=kind:code
import { byId } from "./dom.js";
import { page } from "./page.js";
import { STANDARD } from "./ui/words.js";

const DEFAULTS = {
  on: ["filed", "dispatched", "handling", "verifying", "suspended", "check", "facilities", "cells", "buildings"],
  standard: "by-area-class",
};
const LAYERS = new Set([...DEFAULTS.on, "closed", "reach-network", "reach-radius"]);
const KINDS = ["area", "cell", "facility", "incident"];

export class Permalink {
  constructor(map, view) {
    Object.assign(this, { map, view });
    this.asked = read(window.location.hash);
    view.set({ ...DEFAULTS, ...this.asked.shown, on: new Set(this.asked.shown.on ?? DEFAULTS.on) });
  }

  // From now on the address follows the map, and the map follows an address that people paste.
  follow(app) {
    this.app = app;
    this.map.on("moveend", () => this._write());
    this.view.on(["on", "standard", "picked"], () => this._write());
    window.addEventListener("hashchange", () => this._restore());
    this._write();
    if (this.asked.picked) app.pick(this.asked.picked.kind, this.asked.picked.code);
  }

  _restore() {
    const { place, shown, picked } = read(window.location.hash);
    this.view.set({ ...DEFAULTS, ...shown, on: new Set(shown.on ?? DEFAULTS.on) });
    if (place) this.app.basis.show(place);
    if (picked) this.app.pick(picked.kind, picked.code);
  }

  _write() {
    const { on, standard, picked } = this.view.get();
    const parameters = [];
    if (!isSame(on, DEFAULTS.on)) parameters.push(`on=${[...on].join(",")}`);
    if (standard !== DEFAULTS.standard) parameters.push(`standard=${encodeURIComponent(standard)}`);
    if (picked) parameters.push(`pick=${picked.kind}:${encodeURIComponent(picked.code)}`);
    const hash = this._place() + (parameters.length ? `?${parameters.join("&")}` : "");
    history.replaceState(null, "", `?lang=${page.language}${hash}`);
    byId("language").hash = hash;
  }

  _place() {
    const { lat, lng } = this.map.getCenter();
    return `#${this.map.getZoom()}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
  }
}

function isSame(on, names) {
  return on.size === names.length && names.every((name) => on.has(name));
}

function read(hash) {
  const [place, query = ""] = hash.replace(/^#/, "").split("?");
  const parameters = new URLSearchParams(query);
  const shown = {};
  if (parameters.has("on")) shown.on = parameters.get("on").split(",").filter((name) => LAYERS.has(name));
  if (parameters.get("standard") in STANDARD) shown.standard = parameters.get("standard");
  return { place: readPlace(place), shown, picked: readPick(parameters.get("pick")) };
}

function readPlace(text) {
  const [zoom, lat, lon] = text.split("/").map(Number);
  const isWhole = [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return text && isWhole ? { zoom, lat, lon } : null;
}

function readPick(text) {
  const [kind, code] = (text ?? "").split(":");
  return KINDS.includes(kind) && code ? { kind, code } : null;
}
