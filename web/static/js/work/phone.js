// What the screens get: what is known, what is kept, the outbox by which alone anything is changed, and the way to another screen.
import { createStore } from "../store.js";
import { Kept } from "./kept.js";
import { AWAY, Outbox, SIGNED_OUT } from "./outbox.js";
import { overlaid } from "./overlay.js";
import { Pace } from "./pace.js";
import { send } from "./sending.js";
import { Whereabouts } from "./whereabouts.js";

// What is loaded, kept for when there is no signal, and of what member of the state the answer is.
const LOADED = {
  bundle: "/api/work",
  cases: "/api/work/cases",
  categories: "/api/categories",
  patrol: "/api/work/patrol",
  elements: "/api/work/elements",
};
const NEWS = "wangge-work";
const SOON_MS = 300;

export class Phone {
  constructor() {
    this.state = createStore({
      me: null,
      bundle: null,
      cases: [],
      patrol: null,
      elements: null,
      categories: [],
      position: null,
      pending: [],
      isOnline: navigator.onLine,
      isSignedOut: false,
      isLive: false,
      arrived: [],
      cursor: null,
      trouble: null,
    });
    this.rows = [];
    this.etags = {};
    this.running = {};
    this.pace = new Pace(() => this.drain());
    this.whereabouts = new Whereabouts((position) => this.state.set({ position }));
    this.news = new BroadcastChannel(NEWS);
    this.news.onmessage = ({ data }) => this._heard(data);
    addEventListener("offline", () => this.seen(0));
  }

  go(hash) {
    location.hash = hash;
  }

  // Begin with what is kept for `me`.
  async open(me) {
    this.kept?.close();
    this.kept = await Kept.open(me.account, { left: () => location.assign("/login") });
    const outbox = new Outbox(this.kept, me, { changed: () => this._changed(), sent: (item) => this._sent(item) });
    this.outbox = { ...bound(outbox), add: (item) => this._add(outbox, item) };
    this.box = outbox;
    this.state.set({ me });
    this.etags = (await this.kept.get("etags")) ?? {};
    for (const what of Object.keys(LOADED)) {
      const kept = await this.kept.get(what);
      if (kept) this._take(what, kept);
    }
    await this._changed();
  }

  refreshAll() {
    return Promise.all(Object.keys(LOADED).map((what) => this.refresh(what)));
  }

  // Load `what` anew: a member of `LOADED`. False when that was not possible; what was kept stays.
  async refresh(what) {
    if (!(what in LOADED)) return false;
    if (this.running[what]) return (this.running[what].again ??= this.running[what].then(() => this.refresh(what)));
    this.running[what] = this._load(what).finally(() => delete this.running[what]);
    return this.running[what];
  }

  async _load(what) {
    const { account } = this.kept;
    const answer = await this.ask(LOADED[what], this.etags[what]);
    if (answer.status === 304) return true;
    if (answer.status !== 200 || account !== this.kept.account) return false;
    this.etags[what] = answer.etag;
    this._take(what, answer.body);
    await this.kept.put(what, answer.body);
    await this.kept.put("etags", this.etags);
    return true;
  }

  // GET `path` as the worker.
  ask(path, etag) {
    return this.request({ path, etag });
  }

  // For what is no deed and needs its answer now. Whether there is signal and a session shows in the state.
  async request(given) {
    const answer = await send({ ...given, actor: this.state.get().me?.actor });
    this.seen(answer.status);
    return answer;
  }

  // What was answered before the browser lost its network may be heard after that.
  seen(status) {
    const { isOnline, isSignedOut } = this.state.get();
    const now = { isOnline: status !== 0 && navigator.onLine, isSignedOut: status === 401 || (isSignedOut && status === 0) };
    if (now.isOnline !== isOnline || now.isSignedOut !== isSignedOut) this.state.set(now);
    if (now.isOnline && !isOnline) this.drain();
  }

  _take(what, body) {
    if (what !== "cases") return this.state.set({ [what]: body[what] ?? body });
    const arrived = this.told ? body.cases.filter((row) => isNew(row, this.rows)) : [];
    this._show(body.cases);
    this.told = true;
    return this.state.set({ cursor: body.cursor, ...(arrived.length && { arrived }) });
  }

  _show(rows, pending = this.state.get().pending) {
    this.rows = rows;
    this.state.set({ pending, cases: overlaid(rows, pending) });
  }

  // Stored first; then sent as soon as may be.
  async _add(outbox, item) {
    const id = await outbox.add(item);
    await this._changed();
    this.drain();
    return id;
  }

  // Called as often as there is hope; what runs already is asked to look once more.
  async drain() {
    if (!this.box) return;
    if (this.draining) {
      this.isAskedAgain = true;
      return;
    }
    this.draining = true;
    do {
      this.isAskedAgain = false;
      await this._drainOnce();
    } while (this.isAskedAgain);
    this.draining = false;
  }

  async _drainOnce() {
    const { why, status, retryAfterMs } = await this.box.drain();
    if (why === SIGNED_OUT) this.state.set({ isSignedOut: true });
    if (why !== AWAY) return this.pace.rest();
    if (status === 0) this.seen(0);
    this.pace.again(retryAfterMs);
    return this._askBrowser();
  }

  // Where the browser can, it wakes the service worker when there is signal, even if the page is closed.
  async _askBrowser() {
    const registration = await navigator.serviceWorker?.getRegistration("/work");
    await registration?.sync?.register(NEWS).catch(() => {});
  }

  async _changed() {
    this.news.postMessage({ changed: this.kept.account });
    await this._recount();
  }

  // Once more when it changed while it was read.
  _recount() {
    this.isStale = true;
    this.counting ??= this._read().finally(() => (this.counting = null));
    return this.counting;
  }

  async _read() {
    while (this.isStale) {
      this.isStale = false;
      this._show(this.rows, await this.box.items());
    }
  }

  // What the server answered counts at once, until the list is loaded anew.
  _sent({ about, answers }) {
    const answer = answers.at(-1);
    if (answer.id === about && answer.moves) this._show(this.rows.flatMap((row) => (row.id === about ? settled(row, answer, this.state.get().me) : [row])));
    this._refreshSoon();
  }

  // From another tab or the service worker.
  async _heard({ changed, sent }) {
    if (changed && changed === this.kept?.account) await this._recount();
    if (sent && sent === this.kept?.account) this._refreshSoon();
  }

  // Once for all that goes out in one go.
  _refreshSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.refresh("cases"), SOON_MS);
  }

  // Nothing of the account stays on the phone.
  async wipe() {
    this.box = null;
    await navigator.clearAppBadge?.().catch(() => {});
    await this.kept.wipe();
  }

  // Follow where the phone is while the page is in sight. Returns what ends it.
  locate() {
    return this.whereabouts.follow();
  }
}

// The row as the answer to a move tells it; none when it is in other hands.
function settled(row, answer, me) {
  const isHis = answer.holder?.actor === me.actor || answer.moves.some(({ event }) => event === "help");
  const told = Object.keys(row).filter((name) => name in answer && name !== "photos");
  return isHis ? [{ ...row, ...Object.fromEntries(told.map((name) => [name, answer[name]])) }] : [];
}

function isNew({ id, state }, rows) {
  return state === "dispatched" && !rows.some((row) => row.id === id);
}

function bound(outbox) {
  const names = ["items", "pictures", "retry", "discard"];
  return Object.fromEntries(names.map((name) => [name, outbox[name].bind(outbox)]));
}
