// Report where I stand: photo first, then what it is, then where, and out it goes. Nothing of it needs a signal.
import { emptyNote } from "../../desk/states.js";
import { t } from "../../i18n.js";

export function open(root, phone) {
  let screen = null;
  let isLeft = false;
  const begin = async () => {
    const { ReportScreen } = await import("../reporting.js");
    if (!isLeft) screen = await ReportScreen.open(root, phone);
    if (isLeft) screen?.leave();
  };
  if (phone.state.get().bundle) begin();
  else root.append(emptyNote(t("The map of your cells has not been loaded yet. It needs a signal once.")));
  const off = phone.state.on(["bundle"], ({ bundle }) => bundle && !screen && !isLeft && root.querySelector(".state") && (root.replaceChildren(), begin()));
  return () => {
    isLeft = true;
    off();
    screen?.leave();
  };
}
