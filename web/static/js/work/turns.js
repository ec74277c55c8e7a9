// One at a time over all tabs and the service worker. Pages without encryption have no locks; there a note in what is kept does it.

export const TURN = "wangge-work-outbox";

const LEASE_MS = 60_000;
const TRY_MS = 500;

export function alone(kept, name, act) {
  const own = `${name}:${kept.account}`;
  return navigator.locks ? navigator.locks.request(own, act) : underLease(kept, own, act);
}

async function underLease(kept, name, act) {
  const owner = crypto.getRandomValues(new Uint32Array(2)).join("-");
  while (!(await take(kept, name, owner))) await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  const renewal = setInterval(() => take(kept, name, owner), LEASE_MS / 3);
  try {
    return await act();
  } finally {
    clearInterval(renewal);
    await kept.base.delete("loaded", name);
  }
}

// A tab that was closed in its turn leaves its note behind, which then counts no longer.
async function take({ base }, name, owner) {
  const turn = base.transaction("loaded", "readwrite");
  const held = await turn.store.get(name);
  const isFree = !held || held.owner === owner || held.until < Date.now();
  if (isFree) await turn.store.put({ owner, until: Date.now() + LEASE_MS }, name);
  await turn.done;
  return isFree;
}
