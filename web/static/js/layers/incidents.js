// Incidents as dots coloured by the state of their case, painted as sprites: thousands cost a few milliseconds. Neighbouring
// states share a sign: a reader of the map asks who has to act, not which form is filled in.
import { features } from "../api.js";
import { toWorld } from "../geometry.js";
import { midnight } from "../i18n.js";
import { colour } from "../tokens.js";

export const SIGNS = ["filed", "dispatched", "handling", "verifying", "suspended", "closed"];
const SHARED = { collected: "filed", fed_back: "verifying", evaluated: "closed" };
const STATES = ["collected", "filed", "dispatched", "handling", "suspended", "fed_back", "verifying", "closed", "evaluated"];
const DONE = ["closed", "evaluated"];
const MOST = 5000;
const PULSE_MS = 1400;
const MOST_PULSES = 40;

// The sign, and the layer, by which a state is shown.
export function signOf(state) {
  return SHARED[state] ?? state;
}

export class Incidents {
  constructor(view, { changed, moved }) {
    Object.assign(this, { view, changed, moved });
    this.byId = new Map();
    this.cut = new Set(); // signs of which there are more than were fetched
    this.pulses = [];
  }

  // Open cases, and those closed today.
  async load() {
    const since = (state) => (DONE.includes(state) ? midnight().toISOString() : null);
    const asked = STATES.map((state) => features("/api/incidents", { state, since: since(state) }, { most: MOST }));
    const pages = await Promise.all(asked);
    this.byId.clear();
    for (const { features: found } of pages) for (const feature of found) this._takeFeature(feature);
    this.cut = new Set(STATES.filter((_, index) => pages[index].more).map(signOf));
    this.changed();
  }

  _takeFeature({ id, geometry, properties }) {
    const [lon, lat] = geometry.coordinates;
    this.byId.set(Number(id), placed({ ...properties, id: Number(id), lon, lat }));
  }

  // A live event: the incident appears or changes its state, and a ring says so.
  take(event) {
    const known = this.byId.get(event.id) ?? { reported_at: event.at };
    const { id, lon, lat, state, category, cell, holder } = event;
    const now = placed({ ...known, id, lon, lat, state, category, cell, holder });
    this.byId.set(id, now);
    this._pulse(now);
    this.moved(now, event);
    this.changed();
  }

  // One that was just reported from this page; a live event may have told more about it already.
  add({ id, lon, lat, state, category, reported_at }) {
    if (this.byId.has(id)) return;
    this.byId.set(id, placed({ id, lon, lat, state, category, reported_at }));
    this.changed();
  }

  isShown(incident) {
    return this.view.get().on.has(incident.sign);
  }

  counts() {
    const counts = Object.fromEntries(SIGNS.map((sign) => [sign, 0]));
    for (const { sign } of this.byId.values()) counts[sign] += 1;
    return counts;
  }

  countSince(moment) {
    return [...this.byId.values()].filter((one) => new Date(one.reported_at) >= moment).length;
  }

  near(point, reach) {
    let [best, nearest] = [null, reach];
    for (const one of this.byId.values()) {
      const away = Math.hypot(one.x - point.x, one.y - point.y);
      if (away < nearest && this.isShown(one)) [best, nearest] = [one, away];
    }
    return best;
  }

  paint(sheet) {
    const { picked } = this.view.get();
    const radius = radiusAt(sheet.zoom);
    for (const sign of [...SIGNS].reverse()) if (this.view.get().on.has(sign)) this._paintSign(sheet, sign, radius);
    const chosen = picked?.kind === "incident" && this.byId.get(Number(picked.code));
    if (chosen) drawChosen(sheet.context, sheet.at(chosen), chosen.sign, radius + 1.5);
  }

  _paintSign(sheet, sign, radius) {
    const sprite = spriteOf(sign, radius, sheet.ratio);
    const half = sprite.width / sheet.ratio / 2;
    for (const one of this.byId.values()) {
      if (one.sign !== sign) continue;
      const { x, y } = sheet.at(one);
      if (x < -half || y < -half || x > sheet.size.x + half || y > sheet.size.y + half) continue;
      sheet.context.drawImage(sprite, x - half, y - half, half * 2, half * 2);
    }
  }

  _pulse(incident) {
    if (!this.isShown(incident) || this.pulses.length >= MOST_PULSES) return;
    this.pulses.push({ x: incident.x, y: incident.y, sign: incident.sign, since: performance.now() });
  }

  // Rings that widen and fade; true while there are any.
  paintPulses(sheet) {
    const now = performance.now();
    this.pulses = this.pulses.filter(({ since }) => now - since < PULSE_MS);
    for (const pulse of this.pulses) drawPulse(sheet, pulse, (now - pulse.since) / PULSE_MS);
    return this.pulses.length > 0;
  }
}

function placed(incident) {
  return { ...incident, ...toWorld(incident.lon, incident.lat), sign: signOf(incident.state) };
}

function radiusAt(zoom) {
  return Math.min(8.5, 2.2 * 1.25 ** Math.max(0, zoom - 12));
}

const sprites = new Map();

function spriteOf(sign, radius, ratio) {
  const key = `${sign}|${radius}|${ratio}`;
  if (!sprites.has(key)) sprites.set(key, makeSprite(sign, radius, ratio));
  return sprites.get(key);
}

function makeSprite(sign, radius, ratio) {
  const half = Math.ceil(radius + 3);
  const canvas = Object.assign(document.createElement("canvas"), { width: half * 2 * ratio, height: half * 2 * ratio });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  drawIncident(context, { x: half, y: half }, sign, radius);
  return canvas;
}

// Also drawn in the legend. The signs differ in lightness and edge as well as in hue.
export function drawIncident(context, { x, y }, sign, radius) {
  const size = sign === "closed" ? radius * 0.75 : radius;
  context.beginPath();
  if (sign === "suspended") context.rect(x - size * 0.85, y - size * 0.85, size * 1.7, size * 1.7);
  else context.arc(x, y, size, 0, 2 * Math.PI);
  context.fillStyle = colour(`state-${sign}`);
  context.fill();
  context.lineWidth = Math.max(0.8, radius * 0.2);
  context.strokeStyle = colour(`state-edge-${sign}`);
  context.stroke();
}

function drawChosen(context, at, sign, radius) {
  context.beginPath();
  context.arc(at.x, at.y, radius + 6, 0, 2 * Math.PI);
  context.lineWidth = 3;
  context.strokeStyle = colour("pick");
  context.stroke();
  drawIncident(context, at, sign, radius);
}

function drawPulse(sheet, pulse, share) {
  const { x, y } = sheet.at(pulse);
  const { context } = sheet;
  context.globalAlpha = (1 - share) ** 1.5;
  context.beginPath();
  context.arc(x, y, radiusAt(sheet.zoom) + 26 * share ** 0.6, 0, 2 * Math.PI);
  context.lineWidth = 3;
  context.strokeStyle = colour(`state-${pulse.sign}`);
  context.stroke();
  context.globalAlpha = 1;
}
