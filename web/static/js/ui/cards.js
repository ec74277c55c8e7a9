// What the panel shows of an area, a cell, a facility.
import { h } from "../dom.js";
import { nameOf, number, percent, squareMetres, t } from "../i18n.js";
import { action, badge, entry, heading, link, note, rows, section, trail } from "./parts.js";
import { AREA_CLASS, CELL_KIND, FACILITY, LEVEL, OUTCOME, ROLE, say } from "./words.js";

// `app` opens other things: pick(kind, code), report(place), and finds shapes: ground, facilities, reach.
export function areaCard(area, app, place) {
  const { properties } = area;
  return [
    trail(parents(properties.parent_code, app)),
    heading(nameOf(properties), say(LEVEL, properties.level), properties.code),
    properties.level === "community" && checkPart(properties.check),
    peoplePart(properties),
    properties.level === "community" && coveragePart(properties),
    properties.level === "community" && stationsPart(app.facilities.serving(properties.code), app),
    reportHere(app, place),
  ];
}

function parents(code, app) {
  const parent = code && app.ground.area(code);
  if (!parent) return [];
  const above = parent.properties.level === "community" ? parents(parent.properties.parent_code, app) : [];
  return [...above, { text: nameOf(parent.properties), open: () => app.pick("area", code) }];
}

function checkPart(check) {
  if (!check) return section(t("Floor area of the station"), note(t("No check has been run yet.")));
  return section(
    t("Floor area of the station"),
    h("p", { class: "outcome" }, badge(say(OUTCOME, check.outcome), check.outcome)),
    check.actual_m2 !== null && check.required_m2 !== null && floorBar(check),
    rows(
      [t("Required"), check.required_m2 === null ? null : squareMetres(check.required_m2)],
      [t("There is"), squareMetres(check.actual_m2)],
      [t("Missing"), check.missing_m2 ? squareMetres(check.missing_m2) : null],
    ),
  );
}

// The actual floor area as a bar, the required one as a mark on it.
function floorBar({ outcome, actual_m2: actual, required_m2: required }) {
  const whole = Math.max(actual, required) * 1.15;
  const bar = h("span", { class: `bar-value bar-${outcome}` });
  const mark = h("span", { class: "bar-mark" });
  bar.style.width = `${(actual / whole) * 100}%`;
  mark.style.left = `${(required / whole) * 100}%`;
  return h("div", { class: "bar", "aria-hidden": "true" }, bar, mark);
}

function peoplePart(properties) {
  return rows(
    [t("Households"), number(properties.households)],
    [t("Residents"), number(properties.residents)],
    [t("Kind of area"), properties.area_class ? say(AREA_CLASS, properties.area_class) : null],
  );
}

function coveragePart({ coverage }) {
  if (!coverage) return null;
  const line = (share, whole) => (whole ? percent(share / whole) : null);
  return section(
    t("Within {minutes} minutes' walk", { minutes: coverage.minutes ?? 20 }),
    rows(
      [t("Households"), line(coverage.households_covered, coverage.households)],
      [t("Area"), line(coverage.area_covered_m2, coverage.area_m2)],
    ),
  );
}

function stationsPart(stations, app) {
  if (!stations.length) return section(t("Served by"), note(t("No station is recorded.")));
  const open = (id) => () => app.pick("facility", id);
  const item = ({ id, properties }) => entry(link(properties.name, open(id)), stationWords(properties));
  return section(t("Served by"), h("ul", { class: "list" }, stations.map(item)));
}

// A station of several communities says so: each has only a share of its floor area.
function stationWords({ floor_area_m2: area, serves }) {
  const shared = serves.length > 1 ? ` · ${t("shared by {count}", { count: serves.length })}` : "";
  return `${squareMetres(area)}${shared}`;
}

export function cellCard(cell, app, place) {
  const { properties } = cell;
  return [
    trail(parents(properties.community_code, app)),
    heading(properties.name, say(CELL_KIND, properties.kind), properties.code),
    workersPart(properties.workers),
    rows(
      [t("Households"), number(properties.households)],
      [t("Residents"), number(properties.residents)],
      [t("Open cases"), number(properties.open_cases)],
    ),
    reportHere(app, place),
  ];
}

function workersPart(workers) {
  if (!workers?.length) return section(t("Looked after by"), note(t("Nobody is assigned: the community's office acts.")));
  const item = ({ name, role }) => entry(h("span", {}, name), say(ROLE, role));
  return section(t("Looked after by"), h("ul", { class: "list" }, workers.map(item)));
}

function reportHere(app, place) {
  return place && h("div", { class: "actions" }, action(t("Report an incident here"), "pin", () => app.report(place)));
}

export function facilityCard(facility, app) {
  const { properties } = facility;
  const comparison = h("div", { class: "quiet" });
  compareReach(facility.id, app, comparison);
  return [
    heading(properties.name, say(FACILITY, properties.level), properties.code),
    rows(
      [t("Floor area"), squareMetres(properties.floor_area_m2)],
      [t("Staff"), properties.staff === null ? null : number(properties.staff)],
      [t("Address"), properties.address],
    ),
    section(t("Within {minutes} minutes' walk", { minutes: 20 }), comparison),
    properties.serves.length > 0 && section(t("Serves"), servedList(properties.serves, app)),
  ];
}

function servedList(serves, app) {
  const nameIn = (served) => nameOf(app.ground.area(served.code)?.properties ?? served);
  const item = (served) => entry(link(nameIn(served), () => app.pick("area", served.code)));
  return h("ul", { class: "list wrapped" }, serves.map(item));
}

async function compareReach(code, app, target) {
  const [network, radius] = await Promise.all(["network", "radius"].map((method) => app.reach[method].loaded()));
  const count = (areas) => areas.get(code)?.properties.households;
  const known = count(network) !== undefined || count(radius) !== undefined;
  target.className = "";
  target.replaceChildren(known ? reachRows(count(network), count(radius)) : note(t("Not computed yet.")));
}

function reachRows(network, radius) {
  const excess = network && radius ? percent(radius / network - 1) : null;
  return rows(
    [t("Households along the streets"), network === undefined ? null : number(network)],
    [t("Households in the straight radius"), radius === undefined ? null : number(radius)],
    [t("The radius overstates by"), excess],
  );
}
