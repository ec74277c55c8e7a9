// What can be done at the desk, whatever is pressed, clicked or typed for it: filter, open, mark, move, and stay live.
import { get } from "../api.js";
import { page } from "../page.js";
import { atMost } from "../pace.js";
import { hasFilters, tidy, without } from "./query.js";

const REFRESH_MS = 900; // a burst of events is one look at the server
const MINUTE_MS = 60_000;

export class Desk {
  // `parts` are added by main.js: rows, views by name, drawer, pane, stages.
  constructor(store, failed) {
    Object.assign(this, { store, failed, board: null, views: {}, changes: new Set(), waiting: [], turn: 0 });
    this.refreshSoon = atMost(REFRESH_MS, () => this._refresh());
    store.on(["query"], () => this.load());
    store.on(["view"], () => this._showView());
    store.on(["picked"], ({ picked }) => this._showPicked(picked));
    store.on(["picked", "focused", "marked", "isAllMarked"], () => this._mark());
    setInterval(() => this._tick(), MINUTE_MS);
  }

  get view() {
    return this.views[this.store.get().view];
  }

  get isNarrow() {
    return window.matchMedia("(max-width: 899px)").matches;
  }

  // Filters that change; null takes one away. What was marked by the old filters no longer is.
  filter(change, { view } = {}) {
    const { query } = this.store.get();
    const now = tidy({ ...query, ...change });
    this.store.set({ query: now, marked: new Set(), isAllMarked: false, ...(view && { view }) });
  }

  clear() {
    const { sort } = this.store.get().query;
    this.store.set({ query: sort ? { sort } : {}, marked: new Set(), isAllMarked: false });
  }

  show(view) {
    this.store.set({ view });
  }

  _showView() {
    this.view.show(this.content);
    this._loadView();
  }

  // Counts of all stages stay in sight while one of them is looked at.
  async load() {
    const { query } = this.store.get();
    await Promise.all([
      this._loadBoard(without(query, "stage", "sort")),
      this._loadView(),
      this.pane.load(without(query, "sort")),
    ]);
  }

  _loadView() {
    const { query } = this.store.get();
    return this.view.load ? this.view.load(without(query, "sort")) : null;
  }

  async _loadBoard(query) {
    this.turn += 1;
    const { turn } = this;
    try {
      const board = await get("/api/cases/board", query);
      if (turn !== this.turn) return;
      this.board = board;
      this.views.board.trouble = null;
    } catch (error) {
      if (turn === this.turn) this.views.board.trouble = error;
    }
    this.stages.update(this.board);
    this.views.board.update();
  }

  // A live event: what it changed is asked for soon, with all others that came meanwhile.
  take(event) {
    this.changes.add(event.id);
    this.pane.take(event);
    if (event.id === this.store.get().picked) this.drawer.refresh(event);
    this.refreshSoon();
  }

  _refresh() {
    const ids = [...this.changes];
    this.changes.clear();
    const { query } = this.store.get();
    this._loadBoard(without(query, "stage", "sort"));
    this.pane.refresh(without(query, "sort"));
    this.view.refresh?.(ids);
  }

  _tick() {
    this.refreshSoon();
    this.view.update();
    this.drawer.tick();
  }

  _mark() {
    this.view.mark?.();
    this.pane.mark();
    this.bulk.update();
  }

  open(id) {
    this.store.set({ picked: id, focused: id });
  }

  close() {
    this.store.set({ picked: null });
  }

  _showPicked(picked) {
    if (picked) this.drawer.open(picked);
    else this.drawer.close();
    if (picked) this.view.reveal?.(picked);
  }

  // A click on a card, a row or a sign of the map: with Ctrl or Shift it marks, else it opens.
  clicked(id, event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) this.mark(id, event.shiftKey);
    else this.open(id);
  }

  // With `toHere` all from the last one marked to this one, in the order in which they are shown.
  mark(id, toHere = false) {
    const { marked, focused } = this.store.get();
    const now = new Set(marked);
    const order = this.view.order?.() ?? [];
    const [from, to] = [order.indexOf(focused), order.indexOf(id)].sort((a, b) => a - b);
    if (toHere && from >= 0) order.slice(from, to + 1).forEach((one) => now.add(one));
    else if (!now.delete(id)) now.add(id);
    this.store.set({ marked: now, isAllMarked: false, focused: id });
  }

  // All that the filters leave; without a filter only those that are loaded, for nobody means every case there is.
  markAll() {
    const isAllMarked = this.hasFilters();
    this.store.set({ isAllMarked, marked: isAllMarked ? new Set() : new Set(this.view.order?.() ?? []) });
  }

  unmark() {
    this.store.set({ isAllMarked: false, marked: new Set() });
  }

  // By keys: one further, or one column over on the board.
  step(by) {
    const order = this.view.order?.() ?? [];
    const { focused, picked } = this.store.get();
    const here = order.indexOf(focused);
    this._focus(order[here < 0 ? 0 : Math.min(order.length - 1, Math.max(0, here + by))], picked);
  }

  stepOver(by) {
    const { focused, picked } = this.store.get();
    if (this.view.beside) this._focus(this.view.beside(focused, by), picked);
  }

  _focus(id, picked) {
    if (!id) return;
    this.store.set(picked ? { focused: id, picked: id } : { focused: id });
    this.view.reveal(id);
  }

  hasFilters() {
    return hasFilters(this.store.get().query);
  }

  address(path) {
    const query = new URLSearchParams({ ...without(this.store.get().query), lang: page.language });
    return `${path}?${query}`;
  }
}
