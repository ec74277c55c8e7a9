// The worker's round and his cell's elements as they will be once what waits has gone out; and what is asked for anew afterwards.
import { newKey } from "../requests.js";
import { t } from "../i18n.js";

const LOADED_AFTER = { duty: "patrol", track: "patrol", check_in: "patrol", element: "elements" };

// An item of the outbox of one step. It holds up no other: each stands for itself.
export function deedOf(kind, words, method, path, body) {
  return { kind, about: null, words, steps: [{ method, path, body, key: newKey() }] };
}

export function bodyOf(item) {
  return item.steps[0].body;
}

// `patrol` as the server told it with what waits in `pending`; a place that waits for its visit to be sent comes last.
export function roundOf({ patrol, pending }) {
  if (!patrol) return null;
  const waiting = pending.filter(({ state }) => state === "waiting");
  const visited = new Set(waiting.filter(({ kind }) => kind === "check_in").map((item) => item.place));
  const places = patrol.places.map((place) => (visited.has(place.id) ? { ...place, isWaiting: true } : place));
  const turned = waiting.findLast(({ kind }) => kind === "duty");
  const duty = turned ? (bodyOf(turned).is_on ? { began_at: bodyOf(turned).at } : null) : patrol.duty;
  return {
    ...patrol,
    duty: hasLapsed(duty, patrol.limits) ? null : duty,
    isTurning: Boolean(turned),
    places: [...places.filter(({ isWaiting }) => !isWaiting), ...places.filter(({ isWaiting }) => isWaiting)],
  };
}

function hasLapsed(duty, { duty_hours_max: hours }) {
  return duty && Date.now() - new Date(duty.began_at) > hours * 3_600_000;
}

// How many changes of an element wait.
export function changesWaiting({ pending }, id) {
  return pending.filter((item) => item.state === "waiting" && item.element === id).length;
}

// Loads anew what was changed as soon as it has gone out.
export function followRounds(phone) {
  let before = [];
  phone.state.on(["pending"], ({ pending }) => {
    const left = new Set(pending.map(({ id }) => id));
    const gone = before.filter(({ id, kind }) => !left.has(id) && kind in LOADED_AFTER);
    before = pending;
    for (const what of new Set(gone.map(({ kind }) => LOADED_AFTER[kind]))) phone.refresh(what);
  });
}

// Why a deed of a round was refused; null for what is no such.
export function refusalOf({ kind, refusal: { code, detail } }) {
  if (code !== "conflict") return null;
  if (kind === "check_in" && "distance_m" in detail) return farAway(detail.distance_m, detail.allowed_m);
  if (kind === "check_in") return vague(detail.accuracy_m, detail.allowed_m);
  if (kind === "track") return t("You were not on duty any more; nothing of it was kept.");
  return kind === "element" ? t("Somebody was faster: it has changed since you saw it. Trying again puts what you wrote into the new one.") : null;
}

export function farAway(metres, allowed) {
  return t("You were {metres} m away; at most {allowed} m count as a visit.", { metres, allowed });
}

export function vague(metres, allowed) {
  return t("The phone knew where you were to {metres} m only; {allowed} m or better are needed.", { metres, allowed });
}

// A refused deed as it is tried again: a correction counts for what the server has now.
export function stepsAgain({ kind, steps, refusal: { detail } }) {
  if (kind !== "element" || !detail.seq) return steps;
  return steps.map((step) => ({ ...step, key: newKey(), body: { ...step.body, seq: detail.seq } }));
}
