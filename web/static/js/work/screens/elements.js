import { emptyNote } from "../../desk/states.js";
import { t } from "../../i18n.js";

export function open(root) {
  root.append(emptyNote(t("Nothing here yet.")));
  return () => {};
}
