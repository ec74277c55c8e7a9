// The moves as a table: by which key, how weighty, and what can be told with each. What must be told says the server.

export const FORMS = {
  file: { key: "f", weight: "main", fields: ["reason"] },
  dismiss: { key: "d", weight: "grave", fields: ["reason"] },
  assign: { key: "a", weight: "main", fields: ["to", "reason"] },
  accept: { key: "c", weight: "main", fields: [] },
  finish: { key: "f", weight: "main", fields: ["reason", "photos"] },
  check: { key: "c", weight: "main", fields: ["verifier", "reason"] },
  verify: { key: "v", weight: "main", fields: ["reason", "photos"] },
  resume: { key: "r", weight: "main", fields: ["reason"] },
  rate: { key: "t", weight: "main", fields: ["rating"] },
  reject: { key: "b", fields: ["reason", "photos"] },
  return: { key: "r", fields: ["reason"] },
  hand_over: { key: "h", fields: ["to", "reason"] },
  extend: { key: "e", fields: ["limit", "reason"] },
  ask_extension: { key: "q", fields: ["limit", "reason"] },
  refuse_extension: { key: "b", fields: ["reason"] },
  suspend: { key: "s", fields: ["reason"] },
  escalate: { key: "u", fields: ["reason"] },
  reclassify: { key: "y", fields: ["category", "place", "reason"] },
  remind: { key: "m", fields: ["reason"] },
  ask_help: { key: "g", fields: ["to", "reason"] },
  help: { key: "p", fields: ["reason"] },
  whistle: { key: "w", fields: ["agencies", "meet_at", "place_text", "request"] },
  follow: { key: "o", fields: ["source", "reason"] },
  link: { key: "l", fields: ["parent", "reason"] },
  unlink: { key: "l", fields: ["reason"] },
  note: { key: "n", fields: ["reason"] },
  reopen: { key: "o", weight: "grave", fields: ["reason"] },
  close: { key: "z", weight: "grave", fields: ["outcome", "reason"] },
};

// The moves of a case that have a form here, the main one first. An extension is refused only when one was asked for, and a
// link cut only when there is one.
export function movesOf(detail) {
  const isOffered = {
    refuse_extension: detail.clock?.asked_limit,
    unlink: detail.parent_id,
    link: !detail.parent_id,
    follow: true,
  };
  const shown = detail.moves.filter(({ event }) => event in FORMS && (event in isOffered ? isOffered[event] : true));
  const rank = ({ event }) => Object.keys(FORMS).indexOf(event);
  return shown.sort((a, b) => rank(a) - rank(b));
}

export function isMain(event) {
  return FORMS[event].weight === "main";
}
