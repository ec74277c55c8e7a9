// How long each hand had the case, in minutes of the clock on the wall, and how its own clock was counted.
import { h } from "../dom.js";
import { nameOf, t, time } from "../i18n.js";
import { rows, section } from "../ui/parts.js";
import { actorName } from "./people.js";
import { limitWords, minutesUntil, span } from "./time.js";
import { STATE, say } from "./words.js";

export function ledgerOf(detail) {
  const hands = handsOf(detail);
  const total = hands.reduce((sum, { minutes }) => sum + minutes, 0);
  const shares = totals(hands);
  return [
    section(
      t("In whose hands"),
      shares.length
        ? h(
            "ul",
            { class: "shares" },
            shares.map((one) => share(one, total)),
          )
        : h("p", { class: "quiet" }, t("Nobody has had it yet.")),
    ),
    section(
      t("Hand by hand"),
      h(
        "table",
        { class: "ledger" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            [t("Who"), t("State"), t("How long")].map((text) => h("th", {}, text)),
          ),
        ),
        h("tbody", {}, hands.map(line)),
      ),
    ),
    clock(detail),
  ];
}

// From the events, and the hand that has it now.
function handsOf({ history, holder, held_since: since, state, time_left: left }) {
  const had = history
    .filter(({ held_by: by }) => by)
    .map((one) => ({ who: one.held_by, state: one.from_state, minutes: one.held_minutes ?? 0 }));
  const now =
    holder && left !== "done" ? [{ who: holder, state, minutes: Math.max(0, -minutesUntil(since)), isNow: true }] : [];
  return [...had, ...now];
}

function totals(hands) {
  const found = new Map();
  for (const { who, minutes } of hands) {
    const one = found.get(who.actor) ?? { who, minutes: 0 };
    found.set(who.actor, { ...one, minutes: one.minutes + minutes });
  }
  return [...found.values()].sort((a, b) => b.minutes - a.minutes);
}

function share({ who, minutes }, total) {
  const bar = h("span", { class: "share-bar" });
  bar.style.width = `${total ? Math.max(1, (minutes / total) * 100) : 0}%`;
  return h(
    "li",
    {},
    h("span", {}, actorName(who)),
    h("span", { class: "share-time" }, span(minutes)),
    h("span", { class: "share-track", "aria-hidden": "true" }, bar),
  );
}

function line({ who, state, minutes, isNow }) {
  return h(
    "tr",
    {},
    h("td", {}, actorName(who)),
    h("td", {}, say(STATE, state)),
    h("td", {}, span(minutes), isNow && h("span", { class: "quiet" }, t(" so far"))),
  );
}

function clock({ clock: told }) {
  if (!told) return null;
  return section(
    t("Clock"),
    rows(
      [t("Time limit"), limitWords(told.limit)],
      [t("Due"), told.due_at ? time(told.due_at) : null],
      [
        t("Left when it was stopped"),
        told.remaining_minutes === null || told.remaining_minutes === undefined ? null : span(told.remaining_minutes),
      ],
      [t("More time asked for"), told.asked_limit ? limitWords(told.asked_limit) : null],
    ),
    told.is_provisional && h("p", { class: "quiet" }, t("Provisional: the holidays of that year are not loaded yet.")),
    told.steps?.length > 0 && h("ol", { class: "clock-steps" }, told.steps.map(step)),
  );
}

const KIND = {
  working: () => t("working day"),
  working_weekend: () => t("weekend that is worked"),
  weekend: () => t("weekend"),
  holiday: () => t("holiday"),
  round_the_clock: () => t("round the clock"),
};

function step({ day, last_day: last, kind, minutes, ...named }) {
  const days = last && last !== day ? `${day} – ${last}` : day;
  return h(
    "li",
    {},
    h("span", {}, days),
    h("span", { class: "quiet" }, named.name ? nameOf(named) : say(KIND, kind)),
    h("span", {}, minutes ? span(minutes) : "–"),
  );
}
