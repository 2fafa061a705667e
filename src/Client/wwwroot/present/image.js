// Shows one picture for a moment and takes one answer: blank, fixation cross, picture, noise mask, response grid.
// It knows nothing of the study. All times are ms on the page's clock (performance.now()):
// frames by requestAnimationFrame's time stamp, answers by the event's own time stamp.
//
// The half-frame rule: a phase ends at the first frame that comes no earlier than half a refresh interval before its time is up,
// so that it lasts the number of frames nearest to what was asked for, whatever the refresh rate.

import { FrameClock } from './frameClock.js';
import { ResponseGrid } from './responseGrid.js';
import { drawCross, drawMask, drawPicture } from './layers.js';

const BLANK = 0, FIXATION = 1, STIMULUS = 2, MASK = 3, RESPONSE = 4;
const NAMES = ['blank', 'fixation', 'stimulus', 'mask', 'response'];
const KEPT_DISTURBANCES = 16;

// Invisible, yet drawn: the compositor has the layer ready when its frame comes. An opacity of 0 would let it skip the layer until then.
const READY = '0.001', SHOWN = '1', HIDDEN = '0';

export function create(host, options) {
  return new ImagePresenter(host, options);
}

class ImagePresenter {
  #host; #clock; #grid; #layers; #requested; #pictureCssPx; #forget = new AbortController();
  #phase = -1; #waiting = false; #held = false; #finish = null;
  #onset = new Float64Array(5); #offset = new Float64Array(5); #frames = new Int32Array(5);
  #refresh = 1000 / 60; #dropped = 0; #pointerHidden = false; #disturbed = false;
  #disturbances = 0; #disturbedBy = new Array(KEPT_DISTURBANCES).fill(''); #disturbedAt = new Float64Array(KEPT_DISTURBANCES);
  #geometry = null;

  /** options: { choices: [string], iconFolder, pictureCssPx, blankMs, fixationMs, stimulusMs, maskMs, keys? } */
  constructor(host, options) {
    this.#host = host;
    this.#pictureCssPx = options.pictureCssPx;
    this.#requested = Float64Array.of(options.blankMs, options.fixationMs, options.stimulusMs, options.maskMs, Infinity);
    const layer = () => Object.assign(document.createElement('canvas'), { className: 'layer' });
    this.#grid = new ResponseGrid(options.choices, options.iconFolder, options.keys, this.#answer);
    this.#layers = [null, layer(), layer(), layer(), this.#grid.element];
    for (const element of this.#layers) {
      if (!element) continue;
      element.style.opacity = HIDDEN;
      host.append(element);
    }
    const listen = (target, type, handler) => target.addEventListener(type, handler, { signal: this.#forget.signal });
    listen(document, 'visibilitychange', e => this.#disturb(document.hidden ? 'hidden' : 'visible', e.timeStamp, document.hidden));
    listen(window, 'blur', e => this.#disturb('blur', e.timeStamp, true));
    listen(window, 'focus', e => this.#disturb('focus', e.timeStamp, false));
    listen(window, 'resize', e => this.#disturb('resize', e.timeStamp, false));
    this.#clock = new FrameClock(this.#frame);
  }

  /** Draws everything of the next trial, before its time runs. */
  prepare(bitmap, maskSeed) {
    const dpr = window.devicePixelRatio || 1;
    const size = Math.min(this.#pictureCssPx, innerWidth, innerHeight);
    // On whole device pixels, or the picture would be blurred.
    const place = { size, dpr, left: Math.round((innerWidth - size) / 2 * dpr) / dpr, top: Math.round((innerHeight - size) / 2 * dpr) / dpr };
    drawCross(this.#layers[FIXATION], place);
    drawPicture(this.#layers[STIMULUS], place, bitmap);
    drawMask(this.#layers[MASK], place, maskSeed);
    this.#grid.clear();
    for (let p = FIXATION; p <= RESPONSE; p++) this.#layers[p].style.opacity = READY;
    this.#geometry = { devicePixelRatio: dpr, pictureCssPx: size, windowWidthCssPx: innerWidth, windowHeightCssPx: innerHeight, fullScreen: document.fullscreenElement !== null };
  }

  /** Runs the prepared trial. Gives { choice, reactionTimeMs, timing } as JSON as soon as there is an answer; the grid stays until clear(). */
  run() {
    return new Promise(finish => {
      this.#finish = finish;
      this.#refresh = this.#clock.refreshInterval();
      this.#dropped = 0;
      this.#disturbances = 0;
      this.#disturbed = document.hidden || !document.hasFocus();
      this.#onset.fill(0);
      this.#offset.fill(0);
      this.#frames.fill(0);
      this.#host.classList.add('presenting');
      this.#pointerHidden = getComputedStyle(this.#host).cursor === 'none';
      this.#phase = BLANK - 1;
      this.#waiting = true;
    });
  }

  /** Empty grey. */
  clear() {
    this.#waiting = false;
    this.#phase = -1;
    this.#grid.close();
    for (let p = FIXATION; p <= RESPONSE; p++) this.#layers[p].style.opacity = HIDDEN;
    this.#host.classList.remove('presenting');
    this.#host.dataset.phase = '';
  }

  /** While held, the grid takes no answer: something else is asked. */
  hold(held) {
    this.#held = held;
    this.#grid.hold(held);
    if (held) this.#disturb('pause', performance.now(), true);
  }

  /** Frames measured for the refresh rate; a trial should not start before there are some. */
  measuredFrames() {
    return this.#clock.measured;
  }

  dispose() {
    this.#clock.stop();
    this.#forget.abort();
    this.#grid.dispose();
    this.#host.replaceChildren();
  }

  #frame = (time, gap) => {
    if (!this.#waiting) return;
    const phase = this.#phase;
    if (phase === RESPONSE) return;
    if (phase < BLANK) {
      this.#enter(BLANK, time);
      return;
    }
    if (gap > 1.5 * this.#refresh) this.#dropped += Math.round(gap / this.#refresh) - 1;
    if (time - this.#onset[phase] >= this.#requested[phase] - this.#refresh / 2) this.#enter(phase + 1, time);
    else this.#frames[phase]++;
  };

  #enter(phase, time) {
    const before = this.#phase;
    if (before >= BLANK) {
      this.#offset[before] = time;
      if (before > BLANK) this.#layers[before].style.opacity = HIDDEN;
    }
    while (this.#requested[phase] <= 0) {
      this.#onset[phase] = this.#offset[phase] = time;
      phase++;
    }
    this.#phase = phase;
    this.#onset[phase] = time;
    this.#frames[phase] = 1;
    if (phase > BLANK) this.#layers[phase].style.opacity = SHOWN;
    if (phase === RESPONSE) {
      this.#host.classList.remove('presenting');
      this.#grid.open();
    }
    this.#host.dataset.phase = NAMES[phase];
  }

  #answer = (choice, device, timeStamp) => {
    if (!this.#waiting || this.#held || this.#phase !== RESPONSE) return;
    // Pressed before the grid was there: not an answer to it.
    if (timeStamp < this.#onset[RESPONSE]) return;
    this.#waiting = false;
    this.#grid.mark(choice);
    this.#finish(JSON.stringify({
      choice,
      reactionTimeMs: timeStamp - this.#onset[RESPONSE],
      timing: this.#timing(device, timeStamp),
    }));
  };

  #timing(device, timeStamp) {
    const phase = p => ({
      requestedMs: this.#requested[p], shownMs: this.#offset[p] - this.#onset[p], frames: this.#frames[p], onsetMs: this.#onset[p], offsetMs: this.#offset[p],
    });
    return {
      blank: phase(BLANK), fixation: phase(FIXATION), stimulus: phase(STIMULUS), mask: phase(MASK),
      responseOnsetMs: this.#onset[RESPONSE], responseMs: timeStamp, responseDevice: device,
      refreshIntervalMs: this.#refresh, droppedFrames: this.#dropped,
      disturbed: this.#disturbed,
      disturbances: Array.from({ length: this.#disturbances }, (_, n) => ({ what: this.#disturbedBy[n], atMs: this.#disturbedAt[n] })),
      ...this.#geometry,
      pointerHidden: this.#pointerHidden,
    };
  }

  #disturb(what, at, counts) {
    if (!this.#waiting) return;
    if (counts) this.#disturbed = true;
    if (this.#disturbances === KEPT_DISTURBANCES) return;
    this.#disturbedBy[this.#disturbances] = what;
    this.#disturbedAt[this.#disturbances++] = at;
  }
}
