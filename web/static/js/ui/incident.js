// What the panel shows of an incident: where it is, who holds it, how it got there and why.
import { h, icon } from "../dom.js";
import { clock, nameOf, t, time } from "../i18n.js";
import { signOf } from "../layers/incidents.js";
import { badge, entry, heading, link, note, rows, section, trail } from "./parts.js";
import { EVENT, LOCATED, STATE, say } from "./words.js";

const STEPS = ["filed", "dispatched", "handling", "verifying", "closed"];

export function incidentCard(incident, app) {
  return [
    trail(places(incident, app)),
    heading(categoryName(incident, app), t("Incident {id}", { id: incident.id })),
    h("p", { class: "outcome" }, badge(say(STATE, incident.state), `state-${signOf(incident.state)}`)),
    progress(signOf(incident.state)),
    incident.description && h("p", { class: "told" }, incident.description),
    rows(
      [t("Held by"), incident.holder ? holderName(incident.holder) : t("Nobody yet: the dispatcher is choosing")],
      [t("Reported"), time(incident.reported_at)],
      [t("Place"), `${incident.lon.toFixed(5)}, ${incident.lat.toFixed(5)}`],
    ),
    located(incident, app),
    incident.why?.sentence && section(t("Why this worker"), note(incident.why.sentence, "")),
    incident.history?.length > 0 && section(t("History"), history(incident.history)),
    toDesk(incident),
  ];
}

function toDesk({ id }) {
  const address = { class: "plain-link with-icon", href: `/desk#case=${id}` };
  return h("p", { class: "part" }, h("a", address, icon("desk"), t("Open at the desk")));
}

function places({ street, community, cell }, app) {
  const area = (one) => one && { text: nameOf(app.ground.area(one.code)?.properties ?? one), open: () => app.pick("area", one.code) };
  return [area(street), area(community), cell && { text: cell.name ?? cell.code, open: () => app.pick("cell", cell.code) }];
}

export function categoryName({ category, category_name: name }, app) {
  const known = app.categories.get(category);
  return known ? nameOf(known) : (name ?? category);
}

function holderName(holder) {
  return holder.name ? `${holder.name}${holder.kind === "worker" ? t(" (grid worker)") : ""}` : holder.code;
}

// Filed → dispatched → handled → verified → closed, as far as the case has come.
function progress(sign) {
  const reached = STEPS.indexOf(sign);
  const marks = (index) => ({ class: index <= reached ? "done" : "", "aria-current": index === reached ? "step" : null });
  const step = (name, index) => h("li", marks(index), h("span", {}, say(SHORT, name)));
  return h("ol", { class: "steps" }, STEPS.map(step));
}

const SHORT = {
  filed: () => t("Filed"),
  dispatched: () => t("Dispatched"),
  handling: () => t("Handling"),
  verifying: () => t("Verifying"),
  closed: () => t("Closed"),
};

function located({ located: how, candidates = [] }, app) {
  const sentence = how && say(LOCATED, how);
  const others = candidates?.slice(0, 3) ?? [];
  if (!sentence && !others.length) return null;
  const nameIn = (code) => app.ground.find("cell", code)?.properties.name ?? code;
  const open = (code) => () => app.pick("cell", code);
  const item = ({ code, distance_m: metres }) => entry(link(nameIn(code), open(code)), `${Math.round(metres)} m`);
  return section(
    t("How it was located"),
    sentence && note(sentence, ""),
    others.length > 0 && note(t("Other cells nearby:")),
    others.length > 0 && h("ul", { class: "list" }, others.map(item)),
  );
}

function history(events) {
  const when = (at) => h("time", { datetime: at, title: time(at) }, clock(at));
  const item = ({ at, event }) => h("li", {}, h("span", {}, say(EVENT, event)), when(at));
  return h("ol", { class: "history" }, events.map(item));
}
