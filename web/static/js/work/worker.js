// The service worker: the page opens without signal from files kept by their content, and what waits is sent when there is signal.
// Answers of the API are never kept.
import { Kept } from "./kept.js";
import { AWAY, EMPTY, Outbox } from "./outbox.js";

const PAGE = "/work";
const PREFIX = "wangge-work-";
const NEWS = "wangge-work";
const PATIENCE_MS = 3_000;

export function serve({ version, files }) {
  const shell = new Shell(version, files);
  addEventListener("install", (event) => event.waitUntil(shell.fill().then(() => skipWaiting())));
  addEventListener("activate", (event) => event.waitUntil(shell.sweep().then(() => clients.claim())));
  addEventListener("fetch", (event) => shell.answer(event));
  addEventListener("sync", (event) => event.tag === NEWS && event.waitUntil(sendAll()));
}

class Shell {
  constructor(version, files) {
    Object.assign(this, { version, files: new Set(files), name: PREFIX + version, isOld: false });
  }

  async fill() {
    const cache = await caches.open(this.name);
    await cache.addAll([...this.files].map((file) => new Request(file, { cache: "reload" })));
    const page = await fetch(PAGE, { cache: "reload" });
    if (page.ok && !page.redirected) await cache.put(PAGE, page);
  }

  async sweep() {
    const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== this.name);
    await Promise.all(old.map((name) => caches.delete(name)));
  }

  answer(event) {
    const { method, url, mode } = event.request;
    const { origin, pathname } = new URL(url);
    if (method !== "GET" || origin !== location.origin) return;
    if (mode === "navigate" && pathname === PAGE) event.respondWith(this._page(event));
    else if (this.files.has(pathname)) event.respondWith(this._file(event.request));
  }

  // The network first; after three seconds without an answer, or when the server fails, the page as it was.
  async _page(event) {
    const fresh = fetch(event.request).then((answer) => this._seen(answer));
    event.waitUntil(fresh.catch(() => {}));
    const kept = await caches.match(PAGE, { cacheName: this.name });
    if (!kept) return fresh;
    const answer = await Promise.race([fresh.catch(() => null), pause()]);
    return answer && answer.status < 500 ? answer : kept;
  }

  // A page of another version works with files of that version, until its service worker has them.
  async _seen(answer) {
    if (!answer.ok) return answer;
    this.isOld = answer.headers.get("X-Wangge-Shell") !== this.version;
    if (!this.isOld) await (await caches.open(this.name)).put(PAGE, answer.clone());
    return answer;
  }

  async _file(request) {
    const kept = () => caches.match(request, { cacheName: this.name, ignoreSearch: true });
    if (!this.isOld) return (await kept()) ?? fetch(request);
    return fetch(request).catch(async () => (await kept()) ?? Response.error());
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
}

// For whoever has signed in; what waits for others stays. Fails when nobody answered, so that the browser tries again.
async function sendAll() {
  const news = new BroadcastChannel(NEWS);
  const ends = [];
  for (const account of await Kept.accounts()) ends.push(await sendFor(account, news));
  if (ends.includes(AWAY)) throw new Error(AWAY);
}

async function sendFor(account, news) {
  const kept = await Kept.open(account);
  const tell = (what) => news.postMessage({ [what]: account });
  try {
    const me = await kept.get("me");
    const outbox = new Outbox(kept, me, { changed: () => tell("changed"), sent: () => tell("sent") });
    return me ? (await outbox.drain()).why : EMPTY;
  } finally {
    kept.close();
  }
}
