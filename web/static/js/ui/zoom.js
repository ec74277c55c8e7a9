// Zoom buttons and the scale bar.
import { byId } from "../dom.js";

export function addZoom(map, showAll) {
  byId("zoom-in").addEventListener("click", () => map.zoomIn(1));
  byId("zoom-out").addEventListener("click", () => map.zoomOut(1));
  byId("zoom-all").addEventListener("click", showAll);
  L.control.scale({ imperial: false, position: "bottomright", maxWidth: 120 }).addTo(map);
}
