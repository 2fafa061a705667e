// The page's way to the loudspeaker: one audio clock at the rate of the sounds, what happens to it, and how it lies to the page's clock.

const KEPT = 16, PATIENCE_MS = 2000, EARLY_MS = 20, STALE_MS = 1000;

let opened = null;

/** The device, opened once for a page. It plays only after a gesture: every one turns it on again. */
export function open(rateHz) {
  return opened ??= new AudioDevice(rateHz);
}

class AudioDevice {
  #rateHz; #listeners = new Set(); #offsets = new Float64Array(KEPT); #count = 0;
  context;

  constructor(rateHz) {
    this.#rateHz = rateHz;
    this.#begin();
    for (const gesture of ['pointerup', 'keydown', 'click']) document.addEventListener(gesture, () => { if (!this.running) this.#resume(); }, { capture: true });
    navigator.mediaDevices?.addEventListener?.('devicechange', e => this.#tell('device_change', e.timeStamp));
  }

  get running() {
    return this.context.state === 'running';
  }

  /** Turns it on; false where the browser does not let it run now. */
  async start() {
    if (this.context.state === 'closed') this.#begin();
    if (this.running) return true;
    await Promise.race([this.#resume(), new Promise(resume => setTimeout(resume, PATIENCE_MS))]);
    return this.running;
  }

  /** told(what, at): the clock stops or goes on, or devices come or go. Gives a function that ends it. */
  listen(told) {
    this.#listeners.add(told);
    return () => this.#listeners.delete(told);
  }

  /** Reads both clocks at the same moment: ms of the page's clock less ms of the audio clock, for what leaves the loudspeaker. Called in every frame. */
  measure() {
    const { context } = this, stamp = context.getOutputTimestamp?.(), now = performance.now();
    // Until something has been played some browsers say 0, and WebKit counts the audio clock's time twice: only what was just now is believed.
    const offset = stamp?.contextTime > 0 && stamp.performanceTime < now + EARLY_MS && stamp.performanceTime > now - STALE_MS ? stamp.performanceTime - 1000 * stamp.contextTime
      : now - 1000 * (context.currentTime - (context.outputLatency ?? context.baseLatency ?? 0));
    this.#offsets[this.#count++ % KEPT] = offset;
    return offset;
  }

  /** Median of the latest measurements, ms. */
  get offset() {
    if (this.#count === 0) this.measure();
    return median(this.#offsets.slice(0, Math.min(this.#count, KEPT)));
  }

  #begin() {
    try {
      this.context = new AudioContext({ sampleRate: this.#rateHz, latencyHint: 'interactive' });
    } catch {
      // A browser that does not know the rate resamples.
      this.context = new AudioContext({ latencyHint: 'interactive' });
    }
    const { context } = this;
    this.#count = 0;
    context.addEventListener('statechange', e => { if (context === this.context) this.#tell(`audio_${context.state}`, e.timeStamp); });
    context.addEventListener('error', e => this.#tell('audio_error', e.timeStamp));
  }

  // Refused without a gesture; the next one comes.
  #resume() {
    return this.context.resume().catch(refused => console.info(`No sound yet: ${refused.message}`));
  }

  #tell(what, at) {
    // The two clocks lie otherwise after this.
    this.#count = 0;
    for (const told of this.#listeners) told(what, at);
  }
}

/** Middle of some numbers; of an even count the upper one of the two. */
export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}
