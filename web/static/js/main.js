// The map page: layers on the Leaflet map that folium made, panels beside it, one store that says what is shown.
import { App } from "./app.js";
import { Basis } from "./basis.js";
import { Facilities, FACILITY_LEVELS } from "./layers/facilities.js";
import { Incidents, SIGNS } from "./layers/incidents.js";
import { Reach } from "./layers/reach.js";
import { t } from "./i18n.js";
import { Live } from "./live.js";
import { atMost } from "./pace.js";
import { Permalink } from "./permalink.js";
import { Pointer } from "./pointer.js";
import { createStore } from "./store.js";
import { startAccountMenu } from "./ui/account.js";
import { ExportForm } from "./ui/exporting.js";
import { Legend } from "./ui/legend.js";
import { showTrouble } from "./ui/notices.js";
import { Search } from "./ui/search.js";
import { showFigures, showLive } from "./ui/status.js";

const REPAINT_MS = 120; // thousands of dots are painted again, so a burst of live events is shown at once

const map = window.map_ground;
const view = createStore({});
startAccountMenu();
const permalink = new Permalink(map, view);
const failed = showTrouble;

const facilities = new Facilities(view, { changed: facilitiesChanged });
const basis = new Basis(map, view, { failed, changed: groundChanged, facilities, padding: () => app.padding() });
const { ground, panes } = basis;
const incidents = new Incidents(view, { changed: atMost(REPAINT_MS, incidentsChanged), moved: (one) => app.moved(one) });
const reach = { network: reachBy("network"), radius: reachBy("radius") };
const app = new App(map, view, { basis, ground, facilities, incidents, reach });
const legend = new Legend(view);
const live = new Live({ take: (event) => incidents.take(event), reload: () => incidents.load().catch(failed), status: showLive });

panes.paint("reach-radius", (sheet) => reach.radius.paint(sheet));
panes.paint("reach-network", (sheet) => reach.network.paint(sheet));
panes.paint("facilities", (sheet) => facilities.paint(sheet));
panes.paint("incidents", (sheet) => incidents.paint(sheet));
panes.paint("pulses", (sheet) => incidents.paintPulses(sheet) && panes.redraw("pulses"));
view.on(["on", "picked"], () => panes.redraw());

function reachBy(method) {
  return new Reach(method, view, { failed, changed: () => panes.redraw(`reach-${method}`) });
}

function groundChanged(kind) {
  if (kind === "community" && ground.isChecked()) legend.countOutcomes().catch(failed);
}

function facilitiesChanged() {
  panes.redraw("facilities", "labels", "names");
  for (const level of FACILITY_LEVELS) legend.count(level, facilities.count(level));
}

function incidentsChanged() {
  panes.redraw("incidents", "pulses");
  const counts = incidents.counts();
  for (const sign of SIGNS) legend.count(sign, counts[sign], incidents.cut.has(sign));
  showFigures(incidents);
}

async function startIncidents() {
  await live.start();
  await incidents.load();
  live.release();
}

async function start() {
  const bounds = await basis.start(permalink.asked.place);
  if (!bounds) failed(new Error(t("no area has been imported yet")));
  for (const one of Object.values(reach)) one.start();
  await Promise.all([app.start(), facilities.start(), startIncidents()]);
}

start()
  .then(() => permalink.follow(app), failed)
  .finally(() => document.body.classList.add("ready"));
new Search((result) => app.go(result));
new Pointer(map, app);
new ExportForm(map);
