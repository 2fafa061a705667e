// Work that keeps the page busy: 5 to 25 ms at a time, every 40 to 120 ms.

export function startLoad(seed) {
  let state = seed >>> 0 || 1, stopped = false;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  (function work() {
    if (stopped) return;
    const until = performance.now() + 5 + 20 * next();
    while (performance.now() < until);
    setTimeout(work, 40 + 80 * next());
  })();
  return () => { stopped = true; };
}
