// Do something soon, and not more often than every `milliseconds`, however often it is asked for.

export function atMost(milliseconds, act) {
  let timer = null;
  let last = -Infinity;
  const run = () => {
    timer = null;
    last = performance.now();
    act();
  };
  return () => {
    timer ??= setTimeout(run, Math.max(0, last + milliseconds - performance.now()));
  };
}
