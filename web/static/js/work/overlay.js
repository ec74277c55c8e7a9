// The worker's cases as they will be once what waits has gone out: what he did counts for him at once, marked as pending.

const GONE = null;
const AFTER = {
  accept: (moves) => ["finish", ...moves.filter((event) => event !== "accept")],
  help: (moves) => moves.filter((event) => event !== "help"),
  finish: GONE,
  return: GONE,
  hand_over: GONE,
  escalate: GONE,
  reclassify: GONE,
  verify: GONE,
  reject: GONE,
};
const STATE_AFTER = {
  accept: "handling",
  finish: "fed_back",
  return: "filed",
  hand_over: "dispatched",
  escalate: "dispatched",
  reclassify: "filed",
  verify: "closed",
  reject: "handling",
};
const NEEDS = { finish: [] };

// `rows` as the server told them, `items` of the outbox. A row gets `waiting`, the number of deeds that wait, `refused`, and
// `isLeaving` when with them it leaves the worker's hands.
export function overlaid(rows, items) {
  const byCase = grouped(items);
  return rows.map((row) => (byCase.has(row.id) ? changed(row, byCase.get(row.id)) : row));
}

function grouped(items) {
  const found = new Map();
  for (const item of items) found.set(item.about, [...(found.get(item.about) ?? []), item]);
  return found;
}

function changed(row, items) {
  const waiting = items.filter(({ state }) => state === "waiting");
  const start = { ...row, waiting: waiting.length, refused: items.length - waiting.length };
  return items.some(({ state }) => state === "refused") ? start : waiting.reduce(after, start);
}

function after(row, item) {
  const event = eventOf(item);
  if (!(event in AFTER)) return row;
  const state = STATE_AFTER[event] ?? row.state;
  if (AFTER[event] === GONE) return { ...row, state, moves: [], isLeaving: true };
  const moves = AFTER[event](row.moves.map((move) => move.event));
  const known = Object.fromEntries(row.moves.map((move) => [move.event, move.needs]));
  return { ...row, state, moves: moves.map((name) => ({ event: name, needs: known[name] ?? NEEDS[name] ?? [] })) };
}

// The event of a move in the outbox; undefined for other deeds.
export function eventOf({ steps }) {
  return steps.find(({ path }) => path.endsWith("/moves"))?.body.event;
}
