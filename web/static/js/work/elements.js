// What a cell has (人、地、物、事、组织), in words, and changes of it as deeds.
import { t } from "../i18n.js";
import { changesWaiting, deedOf } from "./rounds.js";
import { say } from "./said.js";
import { closeSheet } from "./sheet.js";

export const KINDS = {
  people: () => t("People"),
  places: () => t("Places"),
  things: () => t("Things"),
  events: () => t("Events"),
  organisations: () => t("Organisations"),
};

export function titleOf({ title, name }) {
  return title ?? name ?? t("No name");
}

// `told`: the members that change. What waits before it counts up the number that the server will have.
export function change(phone, row, told, words) {
  const seq = row.seq + changesWaiting(phone.state.get(), row.id);
  const deed = deedOf("element", `${words} · ${titleOf(row)}`, "PUT", `/api/work/elements/${row.id}`, { seq, ...told });
  return store(phone, { ...deed, element: row.id });
}

// `told`: all that is known of it, with its kind and cell.
export function add(phone, told) {
  const words = `${t("Add to the list")} · ${told.title ?? KINDS[told.kind]()}`;
  return store(phone, deedOf("element", words, "POST", "/api/work/elements", told));
}

async function store(phone, deed) {
  await phone.outbox.add(deed);
  closeSheet();
  say(deed.words);
}
