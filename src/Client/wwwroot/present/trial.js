// Shows or plays one stimulus and takes one answer: blank, fixation cross, stimulus, mask, response screen, and where it is wanted a rating.
// It knows nothing of the study; what a stimulus is, image.js and sound.js know. All times are ms on the page's clock (performance.now()):
// frames by requestAnimationFrame's time stamp, answers by the event's own time stamp.
//
// The half-frame rule: a phase ends at the first frame that comes no earlier than half a refresh interval before its time is up,
// so that it lasts the number of frames nearest to what was asked for, whatever the refresh rate. Where the page was busy when a frame was due, what it draws
// is on the screen as many refreshes later as have passed meanwhile: the rule counts from there, and to there.
// The lag of a frame is how long after its time stamp it was painted at the latest: more than a refresh interval, and it may be on the screen later than it says.

import { EventLog } from './eventLog.js';
import { FrameClock } from './frameClock.js';
import { LongTasks } from './longTasks.js';
import { ResponseGrid } from './responseGrid.js';
import { WordEntry } from './wordEntry.js';

export const BLANK = 0, FIXATION = 1, STIMULUS = 2;
const MASK = 3, RESPONSE = 4, RATING = 5, PHASES = 6;
const NAMES = ['blank', 'fixation', 'stimulus', 'mask', 'response', 'rating'];
const KEPT_EVENTS = 16;

// Invisible, yet drawn: the compositor has the layer ready when its frame comes. An opacity of 0 would let it skip the layer until then.
const READY = '0.001', SHOWN = '1', HIDDEN = '0';

export class TrialPresenter {
  #host; #clock; #layers; #response; #rating = null; #stimulus; #requested; #lasts = new Float64Array(PHASES); #forget = new AbortController();
  #phase = -1; #latest = 0; #waiting = false; #held = false; #finish = null; #given = null;
  #onset = new Float64Array(PHASES); #shown = new Float64Array(PHASES); #offset = new Float64Array(PHASES); #lag = new Float64Array(PHASES); #frames = new Int32Array(PHASES);
  #refresh = 1000 / 60; #dropped = 0; #late = 0; #pointerHidden = false; #disturbed = false;
  #disturbances = new EventLog(KEPT_EVENTS); #early = new EventLog(KEPT_EVENTS); #tasks = new LongTasks();
  #geometry = null; #painted = new MessageChannel();

  /**
   * options: {
   *   blankMs, fixationMs, stimulusMs, maskMs, timeLimitMs: number or null,
   *   answers: { format: Grid, Row or Word, choices, icons: folder or null, laterChoices?, keys?, dontKnow: label or null, name },
   *   rating: { choices, labels, name } or null }
   * stimulus: {
   *   layers: elements of fixation, stimulus and mask; two may be the same, and null is nothing,
   *   prepare(opened, maskSeed): draws, and gives the geometry of what is shown,
   *   begin(time, lasts, disturb): the trial's first frame; lasts are the ms of each phase and may be changed; disturb(what, at) counts until the response screen,
   *   frame(phase): every frame, trial or not; phase is below BLANK where none is running,
   *   timing(): what else is to be told of the trial,
   *   clear(): the trial is over or given up; dispose() }
   */
  constructor(host, options, stimulus) {
    this.#host = host;
    this.#stimulus = stimulus;
    this.#requested = Float64Array.of(options.blankMs, options.fixationMs, options.stimulusMs, options.maskMs, options.timeLimitMs ?? Infinity, Infinity);
    const { answers, rating } = options;
    this.#response = answers.format === 'Word' ? new WordEntry(answers, this.#answer) : new ResponseGrid({ ...answers, inRow: answers.format === 'Row' }, this.#answer);
    if (rating) this.#rating = new ResponseGrid({ ...rating, inRow: true, icons: null, dontKnow: null }, this.#rate);
    this.#layers = [null, ...stimulus.layers, this.#response.element, this.#rating?.element ?? null];
    for (const element of this.#layers) {
      if (!element) continue;
      element.style.opacity = HIDDEN;
      host.append(element);
    }
    const listen = (target, type, handler, capture) => target.addEventListener(type, handler, { signal: this.#forget.signal, capture });
    listen(document, 'visibilitychange', e => this.#disturb(document.hidden ? 'hidden' : 'visible', e.timeStamp, document.hidden));
    listen(window, 'blur', e => this.#disturb('blur', e.timeStamp, true));
    listen(window, 'focus', e => this.#disturb('focus', e.timeStamp, false));
    listen(window, 'resize', e => this.#disturb('resize', e.timeStamp, false));
    listen(document, 'keydown', e => { if (!e.repeat) this.#input(e.code || e.key, e.timeStamp); }, true);
    listen(document, 'pointerdown', e => this.#input(e.pointerType || 'other', e.timeStamp), true);
    // A message that is posted in a frame arrives after its paint: no paint was later than that.
    this.#painted.port1.onmessage = () => this.#measureLag();
    this.#clock = new FrameClock(this.#frame);
  }

  /** Draws everything of the next trial, before its time runs; choices are those of this trial, null for the usual ones. */
  async prepare(opened, maskSeed, choices = null) {
    if (choices) await this.#response.offer(choices);
    const geometry = this.#stimulus.prepare(opened, maskSeed);
    this.#response.clear();
    this.#rating?.clear();
    for (let p = FIXATION; p <= RESPONSE; p++) if (this.#layers[p]) this.#layers[p].style.opacity = READY;
    this.#geometry = { ...geometry, windowWidthCssPx: innerWidth, windowHeightCssPx: innerHeight, fullScreen: document.fullscreenElement !== null };
  }

  /** Runs the prepared trial. Gives what was answered and the timing as JSON as soon as it is over; the response screen stays until clear(). */
  run() {
    return new Promise(finish => {
      this.#finish = finish;
      this.#given = null;
      this.#refresh = this.#clock.refreshInterval();
      this.#dropped = this.#late = 0;
      this.#disturbances.clear();
      this.#early.clear();
      this.#tasks.clear();
      this.#disturbed = document.hidden || !document.hasFocus();
      this.#lasts.set(this.#requested);
      this.#onset.fill(0);
      this.#shown.fill(0);
      this.#offset.fill(0);
      this.#lag.fill(0);
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
    this.#stimulus.clear();
    this.#response.close();
    this.#rating?.close();
    for (const element of this.#layers) if (element) element.style.opacity = HIDDEN;
    this.#host.classList.remove('presenting');
    this.#host.dataset.phase = '';
  }

  /** While held, no answer is taken: something else is asked. */
  hold(held) {
    this.#held = held;
    this.#response.hold(held);
    this.#rating?.hold(held);
    if (held) this.#disturb('pause', performance.now(), true);
  }

  /** Frames measured for the refresh rate; a trial should not start before there are some. */
  measuredFrames() {
    return this.#clock.measured;
  }

  dispose() {
    this.#clock.stop();
    this.#tasks.dispose();
    this.#painted.port1.close();
    this.#forget.abort();
    this.#stimulus.dispose();
    this.#response.dispose();
    this.#rating?.dispose();
    this.#host.replaceChildren();
  }

  #frame = time => {
    const shown = this.#onScreen(time), gap = shown - this.#latest;
    this.#latest = shown;
    this.#stimulus.frame(this.#waiting ? this.#phase : -1);
    if (!this.#waiting) return;
    const phase = this.#phase;
    if (phase < BLANK) {
      this.#stimulus.begin(time, this.#lasts, this.#disturbStimulus);
      this.#enter(BLANK, time);
      return;
    }
    if (phase < RESPONSE && gap > 1.5 * this.#refresh) {
      this.#late++;
      this.#dropped += Math.round(gap / this.#refresh) - 1;
    }
    if (phase === RESPONSE && this.#given) this.#enter(RATING, time);
    else if (shown - this.#shown[phase] < this.#lasts[phase] - this.#refresh / 2) this.#frames[phase]++;
    else if (phase < RESPONSE) this.#enter(phase + 1, time);
    else this.#end('TimedOut', null, null, 'none', time);
  };

  // When what is drawn now, in the frame of this time stamp, is on the screen, compared with a frame that came in time.
  #onScreen(time) {
    return time + Math.max(0, Math.floor((performance.now() - time) / this.#refresh)) * this.#refresh;
  }

  #enter(phase, time) {
    const lag = performance.now() - time, shown = this.#latest;
    const before = this.#phase;
    if (before >= BLANK) {
      this.#offset[before] = time;
      if (before > BLANK && this.#layers[before]) this.#layers[before].style.opacity = HIDDEN;
    }
    while (this.#lasts[phase] <= 0) {
      this.#onset[phase] = this.#offset[phase] = time;
      this.#shown[phase] = shown;
      this.#lag[phase] = lag;
      phase++;
    }
    this.#phase = phase;
    this.#onset[phase] = time;
    this.#shown[phase] = shown;
    this.#lag[phase] = lag;
    this.#frames[phase] = 1;
    if (phase > BLANK && this.#layers[phase]) this.#layers[phase].style.opacity = SHOWN;
    if (phase === RESPONSE) {
      this.#host.classList.remove('presenting');
      this.#response.open();
    }
    if (phase === RATING) this.#rating.open();
    this.#host.dataset.phase = NAMES[phase];
    this.#painted.port2.postMessage(null);
  }

  #measureLag() {
    if (this.#phase < BLANK) return;
    const onset = this.#onset[this.#phase], lag = performance.now() - onset;
    for (let p = this.#phase; p >= BLANK && this.#onset[p] === onset; p--) this.#lag[p] = lag;
  }

  #answer = (kind, choice, device, timeStamp) => {
    if (!this.#waiting || this.#held || this.#phase !== RESPONSE || this.#given) return;
    // Pressed before the response screen was there: not an answer to it.
    if (timeStamp < this.#onset[RESPONSE]) return;
    this.#end(kind, choice, timeStamp - this.#onset[RESPONSE], device, timeStamp);
  };

  #end(kind, choice, reactionTimeMs, device, time) {
    this.#response.mark(choice);
    this.#given = { kind, choice, reactionTimeMs, confidence: null, confidenceTimeMs: null, timing: this.#timing(device, time) };
    if (!this.#rating || kind !== 'Choice') {
      this.#done();
      return;
    }
    // The rating comes with the next frame.
    this.#response.close();
  }

  #rate = (_, level, device, timeStamp) => {
    if (!this.#waiting || this.#held || this.#phase !== RATING || timeStamp < this.#onset[RATING]) return;
    this.#rating.mark(level);
    Object.assign(this.#given, { confidence: Number(level), confidenceTimeMs: timeStamp - this.#onset[RATING] });
    this.#done();
  };

  #done() {
    this.#waiting = false;
    this.#finish(JSON.stringify(this.#given));
  }

  #timing(device, time) {
    const phase = p => ({
      requestedMs: p === STIMULUS ? this.#lasts[p] : this.#requested[p], shownMs: this.#offset[p] - this.#onset[p], frames: this.#frames[p],
      onsetMs: this.#onset[p], offsetMs: this.#offset[p], onsetLagMs: this.#lag[p], offsetLagMs: this.#lag[p + 1],
    });
    return {
      blank: phase(BLANK), fixation: phase(FIXATION), stimulus: phase(STIMULUS), mask: phase(MASK),
      responseOnsetMs: this.#onset[RESPONSE], responseOnsetLagMs: this.#lag[RESPONSE], responseMs: time, responseDevice: device,
      refreshIntervalMs: this.#refresh, droppedFrames: this.#dropped, lateFrames: this.#late,
      longestTaskMs: this.#tasks.longest(this.#onset[BLANK], this.#onset[RESPONSE] + this.#lag[RESPONSE]),
      earlyInputCount: this.#early.count, earlyInputs: this.#early.events(),
      disturbed: this.#disturbed, disturbances: this.#disturbances.events(),
      ...this.#geometry, ...this.#stimulus.timing(),
      pointerHidden: this.#pointerHidden,
    };
  }

  #input(what, at) {
    if (this.#waiting && this.#phase < RESPONSE && this.#onset[BLANK] > 0) this.#early.add(what, at);
    // Pressed before the response screen's frame, delivered after it.
    else if (this.#waiting && this.#phase === RESPONSE && at < this.#onset[RESPONSE]) this.#early.add(what, at);
  }

  // What happens to a stimulus that is over does it no harm.
  #disturbStimulus = (what, at) => this.#disturb(what, at, this.#phase < RESPONSE);

  #disturb(what, at, counts) {
    if (!this.#waiting) return;
    if (counts) this.#disturbed = true;
    this.#disturbances.add(what, at);
  }
}
