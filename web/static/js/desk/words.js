// The words of the desk for the codes of the API.
import { t } from "../i18n.js";

export { EVENT, LEVEL, STATE, say } from "../ui/words.js";

export const STAGES = ["collect", "file", "dispatch", "handle", "feed_back", "verify", "evaluate"];

export const STAGE = {
  collect: () => t("Collect"),
  file: () => t("File"),
  dispatch: () => t("Dispatch"),
  handle: () => t("Handle"),
  feed_back: () => t("Feed back"),
  verify: () => t("Verify"),
  evaluate: () => t("Evaluate"),
};

export const SOURCE = {
  grid_worker: () => t("Grid worker"),
  hotline: () => t("Hotline 12345"),
  resident: () => t("Resident"),
  video: () => t("Video"),
  superior: () => t("From above"),
  system: () => t("Another system"),
};

export const ACTOR = {
  worker: () => t("Grid worker"),
  desk: () => t("Desk"),
  agency: () => t("Agency"),
  reporter: () => t("Reporter"),
  dispatcher: () => t("Dispatcher"),
  sweeper: () => t("Deadline watch"),
  import: () => t("Import"),
};

export const OUTCOME = {
  solved: () => t("Solved"),
  dismissed: () => t("Dismissed"),
  duplicate: () => t("A double"),
  with_parent: () => t("Closed with its parent"),
  by_decision: () => t("Closed by decision"),
};

export const SORT = {
  due: () => t("Most urgent first"),
  "-filed": () => t("Newest first"),
  filed: () => t("Oldest first"),
  "-held": () => t("Longest in one hand first"),
};

// Of a move, as a button says it.
export const MOVE = {
  file: () => t("File it"),
  dismiss: () => t("Dismiss"),
  assign: () => t("Assign"),
  accept: () => t("Accept"),
  return: () => t("Return"),
  hand_over: () => t("Hand over"),
  reclassify: () => t("Correct"),
  escalate: () => t("Escalate"),
  finish: () => t("Finish"),
  check: () => t("Have it verified"),
  verify: () => t("Confirm: solved"),
  reject: () => t("Have it redone"),
  suspend: () => t("Suspend"),
  resume: () => t("Resume"),
  close: () => t("Close the case"),
  rate: () => t("Rate"),
  reopen: () => t("Reopen"),
  ask_extension: () => t("Ask for more time"),
  extend: () => t("Give more time"),
  refuse_extension: () => t("Refuse more time"),
  remind: () => t("Remind"),
  ask_help: () => t("Ask for help"),
  help: () => t("Report help"),
  whistle: () => t("Whistle"),
  follow: () => t("Another report"),
  link: () => t("Link to a case"),
  unlink: () => t("Unlink"),
  note: () => t("Note"),
};
