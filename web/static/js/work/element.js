// The sheet of one element: what is shown masked, whole with a reason on record, and what can be done about it.
import { wordsOf } from "../api.js";
import { h, icon } from "../dom.js";
import { nameOf, t } from "../i18n.js";
import { askForCorrection } from "./elementform.js";
import { KINDS, change, titleOf } from "./elements.js";
import { choices, closeSheet, openSheet } from "./sheet.js";

const REASONS = [() => t("Visit at home"), () => t("To check what is noted"), () => t("To reach somebody in an urgent matter")];

export function openElement(phone, row) {
  openSheet(
    titleOf(row),
    facts(row),
    choices([
      [t("Still so"), () => confirm(phone, row)],
      [t("Correct"), () => askForCorrection(phone, row)],
      (row.name || row.phone || row.home) && [t("Show whole"), () => askWhy(phone, row), t("on record")],
      [t("Take off the list"), () => askToRemove(phone, row)],
    ].filter(Boolean)),
  );
}

function confirm(phone, row) {
  return change(phone, row, {}, t("Still so"));
}

function askToRemove(phone, row) {
  const remove = () => change(phone, row, { is_gone: true }, t("Take off the list"));
  openSheet(t("Take it off the list?"), h("p", {}, titleOf(row)), choices([[t("Take off the list"), remove], [t("Keep it"), closeSheet]]));
}

function askWhy(phone, row) {
  const ready = phone.state.get().bundle?.reasons?.unmask?.map(nameOf) ?? [];
  const reasons = ready.length ? ready : REASONS.map((words) => words());
  openSheet(
    t("Show whole"),
    h("p", { class: "quiet" }, t("Your name, the time and the reason go on record.")),
    choices(reasons.map((reason) => [reason, () => unmask(phone, row, reason)])),
  );
}

// Shown once and kept nowhere.
async function unmask(phone, row, reason) {
  const { status, body } = await phone.request({ method: "POST", path: `/api/work/elements/${row.id}/unmask`, body: { reason } });
  if (status === 0) return openSheet(titleOf(row), h("p", {}, t("It is shown whole only with signal.")));
  if (status !== 200) return openSheet(titleOf(row), h("p", { class: "problem" }, wordsOf(body?.error ?? { code: "unavailable" })));
  const number = body.phone?.replaceAll(/[^0-9+]/g, "");
  const call = number && h("a", { class: "button primary wide", href: `tel:${number}` }, icon("call"), t("Call"));
  return openSheet(body.title ?? body.name ?? titleOf(row), facts({ ...row, ...body }), call);
}

function facts({ kind, label, title, name, phone, home, note }) {
  const pairs = [[t("Kind"), KINDS[kind]()], [t("What sort"), label], [title === null ? null : t("Whom to ask for"), title === null ? null : name], [t("Telephone"), phone], [t("Home"), home], [t("Note"), note]];
  return h("dl", { class: "rows" }, pairs.filter(([, value]) => value).map(([words, value]) => h("div", {}, h("dt", {}, words), h("dd", {}, value))));
}
