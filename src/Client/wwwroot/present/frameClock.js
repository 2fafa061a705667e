// The screen's own clock: one requestAnimationFrame loop, the refresh interval measured from it, nothing allocated per frame.

const KEPT = 120;

export class FrameClock {
  #intervals = new Float64Array(KEPT);
  #sorted = new Float64Array(KEPT);
  #count = 0;
  #last = 0;
  #request = 0;
  #onFrame;

  /** onFrame(time): time stamp of the frame, ms, as the browser gives it. */
  constructor(onFrame) {
    this.#onFrame = onFrame;
    this.#request = requestAnimationFrame(this.#tick);
  }

  stop() {
    cancelAnimationFrame(this.#request);
  }

  /** Frames measured so far, at most 120. */
  get measured() {
    return Math.min(this.#count, KEPT);
  }

  /**
   * Mean of those latest intervals that lie within a quarter of their median, in ms; 60 Hz until there are some. The median keeps dropped frames out. It would not
   * do alone: WebKit tells whole ms, and of intervals of 16 and 17 ms only the mean is 16.7.
   */
  refreshInterval() {
    const n = this.measured;
    if (n < 8) return 1000 / 60;
    const sorted = this.#sorted;
    for (let i = 0; i < n; i++) sorted[i] = this.#intervals[i];
    sorted.fill(Infinity, n);
    sorted.sort();
    const median = sorted[n >> 1];
    let sum = 0, count = 0;
    for (let i = 0; i < n; i++) {
      if (Math.abs(sorted[i] - median) > median / 4) continue;
      sum += sorted[i];
      count++;
    }
    return sum / count;
  }

  #tick = time => {
    this.#request = requestAnimationFrame(this.#tick);
    const gap = this.#last ? time - this.#last : 0;
    this.#last = time;
    if (gap > 0) this.#intervals[this.#count++ % KEPT] = gap;
    this.#onFrame(time);
  };
}
