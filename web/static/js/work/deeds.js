// What the worker does to a case, as items of the outbox.
import { newKey } from "../requests.js";
import { nameOf as nameOfCategory, t } from "../i18n.js";
import { categoryOf } from "../desk/card.js";
import { MOVE, say } from "../desk/words.js";
import { answerOf } from "./outbox.js";

const FRESH_MS = 120_000; // a position older than this says nothing about where he stands

// `told`: members of a move's body. Photos go first; the move names them by the ids that they get.
export function moveOf(row, event, { told = {}, pictures = [], position = null } = {}) {
  const seq = row.waiting ? null : row.seq; // what waits before it changes the number
  const photos = pictures.map((_one, step) => answerOf(step, "id"));
  const body = { event, ...(seq && { seq }), ...told, ...(photos.length && { photos }), ...standing(position) };
  return {
    kind: "move",
    about: row.id,
    words: `${say(MOVE, event)} · ${nameOf(row)}`,
    steps: [...photosOf(row.id, pictures), step("POST", `/api/cases/${row.id}/moves`, body)],
    pictures,
    of: keptOf(row),
  };
}

// What was written for a move that can't be carried out, as a note on the same case.
export function noteOf(row, reason, pictures) {
  return { ...moveOf({ ...row, waiting: 1 }, "note", { told: { reason }, pictures }), kind: "note" };
}

// The same as a report of its own, where the case was.
export function reportOf({ id, lon, lat, category }, reason, pictures) {
  const description = [t("About case {id}.", { id }), reason].filter(Boolean).join(" ");
  const photos = pictures.map((_one, picture) => ({ ...step("POST", "/api/cases/{0.id}/photos"), picture }));
  return {
    kind: "report",
    about: null,
    words: `${t("Report")} · ${description.slice(0, 40)}`,
    steps: [step("POST", "/api/incidents", { lon, lat, datum: "cgcs2000", category, description }), ...photos],
    pictures,
  };
}

// What is seen on the way, where the worker stands or put the pin. `cell`: picked near a border; null: none.
export function newReport({ place, cell, category, description, seenAt }, pictures) {
  const { lon, lat, accuracy_m } = place;
  const told = { category: category.code, description, observed_at: seenAt, ...(cell && { cell }), ...(accuracy_m !== undefined && { accuracy_m }) };
  const photos = pictures.map((_one, picture) => ({ ...step("POST", "/api/cases/{0.id}/photos"), picture }));
  return {
    kind: "report",
    about: null,
    words: `${t("Report")} · ${nameOfCategory(category)}`,
    steps: [step("POST", "/api/incidents", { lon, lat, datum: "wgs84", ...told }), ...photos],
    pictures,
  };
}

// The same as a case that is known already: the worker follows it, and adds what he saw.
export function followOf(row, note, pictures) {
  return {
    kind: "follow",
    about: row.id,
    words: `${t("Follow")} · ${nameOf(row)}`,
    steps: [step("POST", `/api/cases/${row.id}/followers`, { note, source: "grid_worker" }), ...photosOf(row.id, pictures)],
    pictures,
    of: keptOf(row),
  };
}

// The steps of a refused report to be tried again: without a picked cell that the server does not take, it finds whose the place is.
export function reportAgain({ steps, refusal: { detail } }) {
  if (!detail.fields?.some(({ field }) => field === "cell")) return steps;
  return steps.map((one) => (one.body ? { ...one, body: { ...one.body, cell: undefined } } : one));
}

// What the worker wrote, whatever it was for.
export function writtenIn({ steps }) {
  const { reason, note, description } = steps.find(({ body }) => body)?.body ?? {};
  return reason ?? note ?? description ?? "";
}

function photosOf(id, pictures) {
  return pictures.map((_one, picture) => ({ ...step("POST", `/api/cases/${id}/photos`), picture }));
}

function step(method, path, body) {
  return { method, path, body, key: newKey() };
}

function standing(position) {
  const isFresh = position && Date.now() - new Date(position.at) < FRESH_MS;
  return isFresh ? { at_lon: position.lon, at_lat: position.lat } : {};
}

function nameOf(row) {
  return `${categoryOf(row)} ${t("No. {id}", { id: row.id })}`;
}

// What of the case is needed if the deed has to become another one.
function keptOf({ id, lon, lat, category, category_name, category_name_en }) {
  return { id, lon, lat, category, category_name, category_name_en };
}
