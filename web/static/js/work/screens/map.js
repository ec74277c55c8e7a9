// The map of my cells with my cases, and below it the cases in the order of a walk, each with the way on foot.
import { emptyNote } from "../../desk/states.js";
import { t } from "../../i18n.js";

// Leaflet is fetched with the first map, not with the first view.
export function open(root, phone, id) {
  let screen = null;
  let isLeft = false;
  const begin = async () => {
    const { MapScreen } = await import("../charting.js");
    if (!isLeft) screen = new MapScreen(root, phone, id ? Number(id) : null);
  };
  if (phone.state.get().bundle) begin();
  else root.append(emptyNote(t("The map of your cells has not been loaded yet. It needs a signal once.")));
  const off = phone.state.on(["bundle"], ({ bundle }) => bundle && !screen && (root.replaceChildren(), begin()));
  return () => {
    isLeft = true;
    off();
    screen?.leave();
  };
}
