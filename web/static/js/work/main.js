// The grid worker's page: begins with what the phone keeps, then asks for news. One screen at a time, named by the address's hash.
import { byId } from "../dom.js";
import { settleContrast } from "./contrast.js";
import { Frame } from "./frame.js";
import { Phone } from "./phone.js";
import { Watch } from "./watch.js";
import * as elements from "./screens/elements.js";
import * as list from "./screens/list.js";
import * as map from "./screens/map.js";
import * as more from "./screens/more.js";
import * as one from "./screens/case.js";
import * as patrol from "./screens/patrol.js";
import * as pending from "./screens/pending.js";
import * as report from "./screens/report.js";
import { followRounds } from "./rounds.js";
import { Start } from "./starting.js";
import { Track } from "./track.js";

const SCREENS = { list, map, case: one, report, patrol, elements, pending, more };

settleContrast();
const phone = new Phone();
const watch = new Watch(phone);
phone.track = new Track(phone);
followRounds(phone);
const frame = new Frame(phone);
let leave = null;

function show() {
  const [name, argument] = location.hash.slice(1).split("/");
  const screen = name in SCREENS ? name : "list";
  const root = byId("screen");
  leave?.();
  root.replaceChildren();
  root.scrollTop = 0;
  frame.name(screen, argument);
  leave = SCREENS[screen].open(root, phone, argument);
}

addEventListener("hashchange", () => phone.kept && show());

new Start(phone, watch, show).begin().finally(() => document.body.classList.add("ready"));
navigator.serviceWorker?.register("/work/sw.js", { scope: "/work", type: "module" }).catch(() => {});
