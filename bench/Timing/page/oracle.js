// What is on the screen, seen from outside of whatever draws it: in every frame, after all requestAnimationFrame callbacks and the layout and
// before the paint (a ResizeObserver's turn), it reads whether the watched thing is visible.

export class Oracle {
  #probe = document.createElement('div'); #wide = false; #watched = new Map(); #waiting = new Map();

  constructor() {
    Object.assign(this.#probe.style, { position: 'fixed', top: '0', height: '1px', width: '1px', opacity: '0' });
    document.body.append(this.#probe);
    new ResizeObserver(() => this.#look(document.timeline.currentTime, performance.now())).observe(this.#probe);
    const tick = () => {
      this.#wide = !this.#wide;
      this.#probe.style.width = this.#wide ? '2px' : '1px';
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  /** Watches a thing by a function that says whether it is visible. */
  watch(name, visible) {
    this.#watched.set(name, { visible, was: false, on: null, off: null });
    return this.#watched.get(name);
  }

  /** The frame in which it appears, or disappears, next: { time, lag } in ms; lag is how long after the frame's time stamp it was painted at the earliest. */
  next(name, appears) {
    return new Promise(resolve => this.#waiting.set(`${name} ${appears}`, resolve));
  }

  #look(time, now) {
    for (const [name, watched] of this.#watched) {
      const is = watched.visible();
      if (is === watched.was) continue;
      watched.was = is;
      const key = `${name} ${is}`;
      this.#waiting.get(key)?.({ time, lag: now - time });
      this.#waiting.delete(key);
    }
  }
}
