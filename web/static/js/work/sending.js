// One request to our server, without a word to people: the page and its service worker both send by it.
import { proof, proofOfWorker } from "../requests.js";

const PATIENCE_MS = 30_000;
const PATIENCE_WITH_PICTURE_MS = 180_000;
const JSON_TYPE = "application/json";

// `status` is 0 when nobody answered; what is not JSON is no answer of ours, but a proxy's or a hotel's door page. `data`: bytes of `type`, instead of a `body`.
export async function send({ method = "GET", path, body, data, type, key, actor, etag }) {
  const headers = { ...(method === "GET" ? {} : await proved()), ...named({ key, actor, etag }) };
  const content = data ?? (body === undefined ? undefined : JSON.stringify(body));
  if (content !== undefined) headers["Content-Type"] = type ?? JSON_TYPE;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), data ? PATIENCE_WITH_PICTURE_MS : PATIENCE_MS);
  try {
    return await told(await fetch(path, { method, headers, body: content, signal: patience.signal }));
  } catch {
    return { status: 0, body: null };
  } finally {
    clearTimeout(timer);
  }
}

function proved() {
  return typeof document === "undefined" ? proofOfWorker() : proof();
}

function named({ key, actor, etag }) {
  const given = { "Idempotency-Key": key, "X-Wangge-Actor": actor, "If-None-Match": etag };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value));
}

async function told(response) {
  if (response.status === 304) return { status: 304, body: null };
  if (!response.headers.get("Content-Type")?.startsWith(JSON_TYPE)) return { status: 0, body: null };
  const wait = Number(response.headers.get("Retry-After"));
  const body = await response.json();
  return { status: response.status, body, etag: response.headers.get("ETag"), retryAfterMs: wait > 0 ? wait * 1000 : null };
}
