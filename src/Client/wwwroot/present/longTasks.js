// The longest task that kept the page busy; browsers tell of those over 50 ms, and some of none.

const KINDS = ['long-animation-frame', 'longtask'].filter(kind => globalThis.PerformanceObserver?.supportedEntryTypes?.includes(kind));

export class LongTasks {
  #observer = null; #entries = [];

  constructor() {
    if (KINDS.length === 0) return;
    this.#observer = new PerformanceObserver(list => this.#keep(list.getEntries()));
    for (const type of KINDS) this.#observer.observe({ type });
  }

  clear() {
    this.#observer?.takeRecords();
    this.#entries.length = 0;
  }

  /** Longest of those that were running at any time between the two, ms; 0 if none, null where the browser does not tell. */
  longest(from, to) {
    if (!this.#observer) return null;
    this.#keep(this.#observer.takeRecords());
    return this.#entries.reduce((longest, e) => e.startTime < to && e.startTime + e.duration > from ? Math.max(longest, e.duration) : longest, 0);
  }

  dispose() {
    this.#observer?.disconnect();
  }

  #keep(entries) {
    this.#entries.push(...entries);
  }
}
