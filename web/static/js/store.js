// One value that modules share: set() merges a change and tells everyone what changed.

export function createStore(initial) {
  let value = initial;
  const listeners = new Set();
  return {
    get: () => value,
    set(change) {
      value = { ...value, ...change };
      for (const listener of listeners) listener(value, change);
    },
    // Calls back only when one of `names` is among what changed. Returns what ends it.
    on(names, listener) {
      const heard = (now, change) => names.some((name) => name in change) && listener(now, change);
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
  };
}
