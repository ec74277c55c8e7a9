// What waits to be sent, in the order in which it goes; what was refused is explained and kept until the worker has settled it.
import { actorName } from "../../desk/people.js";
import { emptyNote } from "../../desk/states.js";
import { ago } from "../../desk/time.js";
import { EVENT, STATE, say } from "../../desk/words.js";
import { wordsOf } from "../../api.js";
import { fill, h, icon } from "../../dom.js";
import { t } from "../../i18n.js";
import { noteOf, reportAgain, reportOf, writtenIn } from "../deeds.js";
import { refusalOf, stepsAgain } from "../rounds.js";
import { choices, closeSheet, openSheet } from "../sheet.js";

const SHOWN = 50;

export function open(root, phone) {
  const box = h("ol", { class: "pending" });
  const again = h("button", { type: "button", class: "button outlined wide", onclick: () => phone.drain() }, icon("again"), t("Send now"));
  root.append(h("p", { class: "quiet" }, t("What you do is stored on the phone first and goes out in this order.")), box, again);
  const show = ({ pending }) => {
    again.hidden = pending.length === 0;
    fill(box, pending.length ? entries(phone, pending) : h("li", {}, emptyNote(t("Everything has been sent."))));
  };
  show(phone.state.get());
  return phone.state.on(["pending"], show);
}

// What needs the worker comes first, then what goes next.
function entries(phone, pending) {
  const inOrder = [...pending.filter(({ state }) => state === "refused"), ...pending.filter(({ state }) => state !== "refused")];
  const rest = inOrder.length - SHOWN;
  return [inOrder.slice(0, SHOWN).map((item) => entry(phone, item)), rest > 0 && h("li", { class: "quiet" }, t("and {count} more", { count: rest }))];
}

function entry(phone, item) {
  const isRefused = item.state === "refused";
  const done = item.answers.length;
  return h(
    "li",
    { class: `pending-item${isRefused ? " is-refused" : ""}`, "data-item": item.id },
    h("p", { class: "pending-words" }, icon(isRefused ? "alert" : "clock"), h("strong", {}, item.words)),
    h("p", { class: "quiet" }, ago(item.at), done > 0 && ` · ${t("{done} of {all} steps sent", { done, all: item.steps.length })}`),
    isRefused && refusal(phone, item),
    isRefused && h("div", { class: "pending-acts" }, acts(phone, item)),
  );
}

// Who was faster, and how the case stands now; else what the server found wrong.
function refusal(phone, item) {
  const { code, message, detail } = item.refusal;
  const written = writtenIn(item);
  const why = code === "illegal_move" && detail.last ? faster(phone, detail) : refusalOf(item) ?? wordsOf({ code, message, detail });
  return [
    h("p", {}, why),
    written && h("blockquote", {}, written),
    h("p", { class: "quiet" }, t("What you wrote and your pictures are kept.")),
  ];
}

function faster(phone, { last, state }) {
  const colleagues = phone.state.get().bundle?.colleagues ?? [];
  const one = colleagues.find(({ actor }) => actor === last.actor);
  return t("{who} was faster: “{event}”, {when}. The case is now “{state}”.", {
    who: one?.name ?? actorName(last.actor),
    event: say(EVENT, last.event),
    when: ago(last.at),
    state: say(STATE, state),
  });
}

function acts(phone, item) {
  const act = (words, onclick, look = "outlined") => h("button", { type: "button", class: `button small ${look}`, onclick }, words);
  return [
    act(t("Try again"), () => tryAgain(phone, item)),
    item.of && act(t("Keep as a note"), () => turnInto(phone, item, noteOf)),
    item.of && act(t("Report anew"), () => turnInto(phone, item, reportOf)),
    act(t("Throw away"), () => askToDiscard(phone, item), "grave"),
  ];
}

// As things are now: what was seen then no longer counts.
async function tryAgain(phone, item) {
  await phone.outbox.retry(item.id, { steps: stepsOf(item) });
  await phone.drain();
}

function stepsOf(item) {
  if (item.kind === "report") return reportAgain(item);
  if (item.about === null) return stepsAgain(item);
  return item.steps.map((step) => (step.body?.seq ? { ...step, body: { ...step.body, seq: undefined } } : step));
}

// The new one is stored before the old one goes.
async function turnInto(phone, item, make) {
  const pictures = await phone.outbox.pictures(item.id);
  await phone.outbox.add(make(item.of, writtenIn(item) || item.words, pictures));
  await phone.outbox.discard(item.id);
}

function askToDiscard(phone, item) {
  const discard = async () => {
    await phone.outbox.discard(item.id);
    closeSheet();
  };
  openSheet(t("Throw it away?"), h("p", {}, item.words), h("p", { class: "quiet" }, t("What you wrote and its pictures are lost.")), choices([[t("Throw away"), discard], [t("Keep it"), closeSheet]]));
}
