// The street office's desk: a board, a table, charts and scores of cases, the map beside them, one store that says what is
// shown, and a case over all of it.
import { get } from "../api.js";
import { Live } from "../live.js";
import { createStore } from "../store.js";
import { startAccountMenu } from "../ui/account.js";
import { showTrouble } from "../ui/notices.js";
import { showLive } from "../ui/status.js";
import { byId } from "../dom.js";
import { Board } from "./board.js";
import { Bulk } from "./bulk.js";
import { Charts } from "./charts.js";
import { Chips } from "./chips.js";
import { Desk } from "./desk.js";
import { Drawer } from "./drawer.js";
import { Filters } from "./filters.js";
import { Frame } from "./frame.js";
import { addKeys } from "./keys.js";
import { Me } from "./me.js";
import { Pane } from "./pane.js";
import { addPrinting } from "./printing.js";
import { Address } from "./query.js";
import { Rows } from "./rows.js";
import { Scores } from "./scores.js";
import { Stages } from "./stages.js";
import { Table } from "./table.js";
import { Tools } from "./tools.js";

const failed = showTrouble;
const store = createStore({
  view: "board",
  query: {},
  picked: null,
  focused: null,
  marked: new Set(),
  isAllMarked: false,
  hasHeat: false,
});
new Address(store);
startAccountMenu();

const desk = new Desk(store, failed);
desk.content = byId("content");
desk.rows = new Rows({ changed: () => desk.views.table.update() });
desk.views = { board: new Board(desk), table: new Table(desk), charts: new Charts(desk), scores: new Scores(desk) };
desk.pane = new Pane(desk);
desk.stages = new Stages(desk);
desk.drawer = new Drawer(desk);
desk.bulk = new Bulk(desk);
desk.chips = new Chips(desk);
desk.me = new Me(desk);
desk.filters = new Filters(desk);
new Frame(desk);
new Tools(desk);
addKeys(desk);
addPrinting(desk);

const live = new Live({ take: (event) => desk.take(event), reload: () => desk.load(), status: showLive });

async function categories() {
  const { categories: groups } = await get("/api/categories");
  desk.categories = groups;
  desk.filters.update();
}

async function start() {
  desk.view.show(desk.content);
  await Promise.all([desk.me.start(), categories().catch(failed), desk.pane.start().catch(failed), live.start()]);
  await Promise.all([desk.load(), desk.chips.start()]);
  live.release();
  const { picked } = store.get();
  if (picked) desk.open(picked);
}

start()
  .catch(failed)
  .finally(() => document.body.classList.add("ready"));
