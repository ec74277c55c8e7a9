// The cases of the table, page after page as people scroll, kept in order while cases change.
import { get } from "../api.js";

const PAGE = 100;
const PATH = "/api/cases";

export class Rows {
  constructor({ changed, failed }) {
    Object.assign(this, { changed, failed, list: [], next: null, total: null, isLoading: false, trouble: null, turn: 0 });
  }

  async load(query) {
    this.turn += 1;
    Object.assign(this, { query, list: [], next: null, total: null, trouble: null, isWanted: true });
    await Promise.all([this._fetch(), this._count()]);
  }

  more() {
    return this.next && !this.isLoading ? this._fetch() : null;
  }

  async _fetch() {
    const { turn, next } = this;
    this.isLoading = true;
    this.changed();
    try {
      const told = await get(PATH, { ...this.query, limit: PAGE, after: next });
      if (turn === this.turn) Object.assign(this, { list: [...this.list, ...told.cases], next: told.next });
    } catch (error) {
      if (turn === this.turn) this.trouble = error;
    }
    if (turn !== this.turn) return;
    this.isLoading = false;
    this.changed();
  }

  async _count() {
    const { turn } = this;
    const told = await get(`${PATH}/count`, this.query).catch(() => null);
    if (turn !== this.turn) return;
    this.total = told;
    this.changed();
  }

  find(id) {
    return this.list.find((row) => row.id === id);
  }

  // What became of the cases `ids`: changed in their places, new ones put in, and gone those that the filters no longer leave.
  async refresh(ids) {
    if (!this.query || !ids.length) return;
    const { turn } = this;
    const told = await get(PATH, { ...this.query, ids: ids.join(","), limit: ids.length }).catch(() => null);
    if (!told || turn !== this.turn) return;
    const gone = new Set(ids);
    this.list = this.list.filter(({ id }) => !gone.has(id));
    for (const row of told.cases) this._insert(row);
    this.changed();
    this._count();
  }

  // A row beyond what has been fetched comes with its page.
  _insert(row) {
    const before = ORDER[this.query.sort ?? "due"];
    const place = this.list.findIndex((other) => before(row, other) < 0);
    if (place >= 0) this.list.splice(place, 0, row);
    else if (!this.next) this.list.push(row);
  }
}

const ORDER = {
  due: (a, b) =>
    rank(a) - rank(b) || (rank(a) === CLOSED ? lastClosed(a, b) : moment(a.due_at) - moment(b.due_at)) || a.id - b.id,
  filed: (a, b) => moment(a.filed_at) - moment(b.filed_at) || a.id - b.id,
  "-filed": (a, b) => moment(b.filed_at) - moment(a.filed_at) || b.id - a.id,
  "-held": (a, b) =>
    isDone(a) - isDone(b) || (isDone(a) ? lastClosed(a, b) : moment(a.held_since) - moment(b.held_since)) || a.id - b.id,
  id: (a, b) => a.id - b.id,
};
const CLOSED = 2;

// With a clock before without, both before closed.
function rank(row) {
  if (isDone(row)) return CLOSED;
  return row.due_at ? 0 : 1;
}

function isDone(row) {
  return row.time_left === "done";
}

function lastClosed(a, b) {
  return moment(b.closed_at ?? b.filed_at) - moment(a.closed_at ?? a.filed_at);
}

function moment(at) {
  return at ? Date.parse(at) : 0;
}
