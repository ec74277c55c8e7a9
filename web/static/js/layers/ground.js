// The ground: water, parks and railways, areas coloured by the floor-area check, and cells. Holds the shapes that the
// pointer and the labels ask for.
import { features } from "../api.js";
import { boundsOf, contains, middleOf, setOrigin, shapeOf, union } from "../geometry.js";
import { page } from "../page.js";
import { colour } from "../tokens.js";
import { Loader } from "./loader.js";

const CELLS_FROM_ZOOM = 14.5;
const COMMUNITIES_FROM_ZOOM = 10;
const TINT = { far: 0.85, close: 0.6 };
const SIGNS = {
  water: new Set(["water", "river", "lake", "canal"]),
  green: new Set(["park", "green", "garden", "cemetery"]),
  rail: new Set(["rail", "railway", "subway"]),
};

export class Ground {
  constructor(map, view, { changed, failed }) {
    Object.assign(this, { map, view, changed });
    this.shapes = { landmark: new Map(), district: new Map(), street: new Map(), community: new Map(), cell: new Map() };
    this.unions = new Map();
    this.failed = failed;
    this._prepareLoaders();
  }

  _prepareLoaders() {
    const standard = () => ({ level: "community", standard: this.view.get().standard });
    const { map, failed } = this;
    this.communities = new Loader(map, "/api/areas", {
      minZoom: COMMUNITIES_FROM_ZOOM, parameters: standard, take: (page) => this._take("community", page), failed });
    this.cells = new Loader(map, "/api/cells", {
      minZoom: CELLS_FROM_ZOOM, take: (page) => this._take("cell", page), failed });
    this.view.on(["standard"], () => this.communities.reset());
  }

  // Districts, streets and landmarks are few and come whole; the rest comes with the view. Gives [[south, west], [north,
  // east]] of them, or null when there is no ground yet.
  async start(place) {
    const level = (name) => features("/api/areas", { level: name });
    const [districts, streets] = await Promise.all([level("district"), level("street")]);
    const bounds = boundsOf([...districts.features, ...streets.features]);
    if (place ?? bounds) setOrigin(...(place ? [place.lon, place.lat] : middleOf(bounds)));
    this._take("district", districts);
    this._take("street", streets);
    features("/api/landmarks").then((page) => this._take("landmark", page), this.failed);
    return bounds;
  }

  _take(kind, { features: found }) {
    for (const feature of found.filter((one) => one.geometry)) {
      const known = this.shapes[kind].get(feature.id);
      const shape = known?.path ? { ...known } : shapeOf(feature.geometry);
      this.shapes[kind].set(feature.id, Object.assign(shape, { id: feature.id, kind, properties: feature.properties }));
    }
    this.unions.clear();
    this.changed(kind);
  }

  find(kind, code) {
    return this.shapes[kind].get(code);
  }

  all(kind) {
    return [...this.shapes[kind].values()];
  }

  // The area of any level with this code.
  area(code) {
    return this.find("community", code) ?? this.find("street", code) ?? this.find("district", code);
  }

  // Whether the communities were checked against the standard that is shown.
  isChecked() {
    return this.all("community").some(({ properties }) => properties.check?.standard === this.view.get().standard);
  }

  // What a landmark is drawn as.
  signOf(shape) {
    return Object.keys(SIGNS).find((sign) => SIGNS[sign].has(shape.properties.kind)) ?? "site";
  }

  hasCells() {
    return this.view.get().on.has("cells") && this.map.getZoom() >= CELLS_FROM_ZOOM;
  }

  at(kind, point) {
    return this.all(kind).find((shape) => contains(shape, point));
  }

  // One path for all shapes of a kind that share a key; drawn in one go.
  _union(name, shapes) {
    if (!this.unions.has(name)) this.unions.set(name, union(shapes()));
    return this.unions.get(name);
  }

  _landmarks(sign) {
    return this._union(sign, () => this.all("landmark").filter((shape) => this.signOf(shape) === sign));
  }

  // Over a base map of somebody else's, only the tint of the check is painted.
  paintBelow(sheet) {
    if (!page.has_base_map) sheet.fill(this._union("district", () => this.all("district")), colour("ground"));
    if (this.view.get().on.has("check")) this._paintCheck(sheet);
    if (!page.has_base_map) this._paintLandmarks(sheet);
  }

  _paintLandmarks(sheet) {
    sheet.fill(this._landmarks("site"), colour("site"), 0.7);
    sheet.fill(this._landmarks("green"), colour("park"));
    sheet.fill(this._landmarks("water"), colour("water"));
    sheet.stroke(this._landmarks("water"), colour("water-edge"), 1);
  }

  _paintCheck(sheet) {
    const alpha = page.has_base_map ? 0.45 : TINT[sheet.zoom < 15 ? "far" : "close"];
    for (const outcome of ["unknown", "meets", "short"]) {
      const isWanted = (shape) => (shape.properties.check?.outcome ?? "unknown") === outcome;
      const path = this._union(outcome, () => this.all("community").filter(isWanted));
      sheet.fill(path, colour(`check-${outcome}`), alpha);
    }
  }

  paintLines(sheet) {
    this._paintRailways(sheet);
    if (this.hasCells()) sheet.stroke(this._union("cell", () => this.all("cell")), colour("cell-border"), 0.8);
    this._paintBorders(sheet);
    this._paintPicked(sheet);
  }

  _paintRailways(sheet) {
    if (page.has_base_map) return;
    const path = this._landmarks("rail");
    sheet.stroke(path, colour("railway"), 2.4);
    sheet.stroke(path, colour("surface"), 1.2, { dash: [7, 7] });
  }

  _paintBorders(sheet) {
    const isClose = sheet.zoom >= 14;
    const communities = this._union("community", () => this.all("community"));
    sheet.stroke(communities, colour("community-border"), isClose ? 1.6 : 0.8, { alpha: isClose ? 0.9 : 0.65 });
    const streets = this._union("street", () => this.all("street"));
    sheet.stroke(streets, colour("label-halo"), isClose ? 5 : 3.6, { alpha: 0.55 });
    sheet.stroke(streets, colour("street-border"), isClose ? 2.4 : 1.6);
  }

  _paintPicked(sheet) {
    const { picked } = this.view.get();
    const shape = picked && (picked.kind === "cell" ? this.find("cell", picked.code) : this.area(picked.code));
    if (!shape || !["cell", "area"].includes(picked.kind)) return;
    sheet.stroke(shape.path, colour("surface"), 7);
    sheet.stroke(shape.path, colour("primary"), 3.2);
  }
}
