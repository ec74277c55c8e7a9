// The map page: layers on the Leaflet map that folium made, panels beside it, one store that says what is shown.
import { App } from "./app.js";
import { Facilities, FACILITY_LEVELS } from "./layers/facilities.js";
import { Ground } from "./layers/ground.js";
import { Incidents, STATES } from "./layers/incidents.js";
import { Labels } from "./layers/labels.js";
import { Reach } from "./layers/reach.js";
import { addStreets } from "./layers/streets.js";
import { Live } from "./live.js";
import { atMost } from "./pace.js";
import { Panes } from "./panes.js";
import { Permalink } from "./permalink.js";
import { Pointer } from "./pointer.js";
import { createStore } from "./store.js";
import { Legend } from "./ui/legend.js";
import { showOrigin, showTrouble } from "./ui/notices.js";
import { Search } from "./ui/search.js";
import { showFigures, showLive } from "./ui/status.js";
import { addZoom } from "./ui/zoom.js";

const REPAINT_MS = 120; // thousands of dots are painted again, so a burst of live events is shown at once

const map = window.map_ground;
const view = createStore({});
const permalink = new Permalink(map, view);
const panes = new Panes(map);
const failed = showTrouble;

const ground = new Ground(map, view, { failed, changed: groundChanged });
const facilities = new Facilities(view, { changed: facilitiesChanged });
const incidents = new Incidents(view, { changed: atMost(REPAINT_MS, incidentsChanged), moved: (one) => app.moved(one) });
const reach = { network: reachBy("network"), radius: reachBy("radius") };
const labels = new Labels(ground, facilities);
const app = new App(map, view, { ground, facilities, incidents, reach });
const legend = new Legend(view);
const live = new Live({ take: (event) => incidents.take(event), reload: () => incidents.load().catch(failed), status: showLive });

panes.paint("ground", (sheet) => ground.paintBelow(sheet));
panes.paint("reach-radius", (sheet) => reach.radius.paint(sheet));
panes.paint("reach-network", (sheet) => reach.network.paint(sheet));
panes.paint("lines", (sheet) => ground.paintLines(sheet));
panes.paint("labels", (sheet) => labels.paint(sheet));
panes.paint("names", (sheet) => labels.paintStreets(sheet));
panes.paint("facilities", (sheet) => facilities.paint(sheet));
panes.paint("incidents", (sheet) => incidents.paint(sheet));
panes.paint("pulses", (sheet) => incidents.paintPulses(sheet) && panes.redraw("pulses"));
view.on(["on", "picked"], () => panes.redraw());

function reachBy(method) {
  return new Reach(method, view, { failed, changed: () => panes.redraw(`reach-${method}`) });
}

function groundChanged(kind) {
  panes.redraw("ground", "lines", "labels", "names");
  if (kind === "community" || kind === "street") showOrigin(ground.all(kind).map(({ properties }) => properties));
  if (kind === "community" && ground.isChecked()) legend.countOutcomes().catch(failed);
}

function facilitiesChanged() {
  panes.redraw("facilities", "labels", "names");
  for (const level of FACILITY_LEVELS) legend.count(level, facilities.count(level));
}

function incidentsChanged() {
  panes.redraw("incidents", "pulses");
  const counts = incidents.counts();
  for (const state of STATES) legend.count(state, counts[state], incidents.cut.has(state));
  showFigures(incidents);
}

async function startIncidents() {
  await live.start();
  await incidents.load();
  live.release();
}

async function start() {
  const bounds = await ground.start(permalink.asked.place);
  app.show(permalink.asked.place, bounds);
  addZoom(map, () => bounds && app.fit(bounds));
  addStreets(map, view);
  for (const one of Object.values(reach)) one.start();
  await Promise.all([app.start(), facilities.start(), startIncidents()]);
}

start()
  .then(() => permalink.follow(app), failed)
  .finally(() => document.body.classList.add("ready"));
new Search((result) => app.go(result));
new Pointer(map, app);
