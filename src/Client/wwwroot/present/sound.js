// A sound, played once: trial.js with a sound, and the fixation cross while it lasts.
//
// In the trial's first frame the sound is put on the audio clock, for the moment at which it shall leave the loudspeaker; from then on nothing that keeps the page busy can
// delay it. The cross stays until then, and the response screen comes in the frame nearest to the sound's end.

import { median, open } from './audioDevice.js';
import { drawCross, placeFor } from './layers.js';
import { BLANK, FIXATION, STIMULUS, TrialPresenter } from './trial.js';

// The audio system has to know of a sound before its time: from the page's call to the block of samples that is computed next.
const LEAD_MS = 60, FADE_S = 0.005;

// Of the sound's first part the clocks are compared for its start, of its last part for its end.
const PART_MS = 250;

/** options: those of the trial, and display: { pictureCssPx }, soundRateHz */
export function create(host, options) {
  return new TrialPresenter(host, options, new SoundStimulus(options.display, open(options.soundRateHz)));
}

class SoundStimulus {
  #cross = Object.assign(document.createElement('canvas'), { className: 'layer', ariaHidden: 'true' });
  layers = [this.#cross, this.#cross, null];
  #display; #device; #forget; #disturb = null; #buffer = null; #source = null; #gain = null; #early = []; #late = []; #record = null; #over = false;

  constructor(display, device) {
    this.#display = display;
    this.#device = device;
    this.#forget = device.listen((what, at) => this.#happened(what, at));
  }

  prepare(sound) {
    const place = placeFor(this.#display.pictureCssPx, 1, false);
    drawCross(this.#cross, place);
    this.#buffer = new AudioBuffer({ length: sound.samples.length, numberOfChannels: 1, sampleRate: sound.rateHz });
    this.#buffer.copyToChannel(sound.samples, 0);
    return { devicePixelRatio: place.dpr, pictureCssPx: 0, pictureDevicePx: 0, pictureFilePx: 0, smoothed: false };
  }

  begin(time, lasts, disturb) {
    const { context } = this.#device, wanted = time + lasts[BLANK] + lasts[FIXATION], offset = this.#device.offset;
    // On a whole sample of the clock: between two of them the browser would interpolate. It multiplies again, and shall come to this sample, not to a hair before it.
    let frame = Math.ceil(Math.max((wanted - offset) / 1000, context.currentTime + LEAD_MS / 1000) * context.sampleRate);
    while (frame / context.sampleRate * context.sampleRate !== frame) frame++;
    const startS = frame / context.sampleRate;
    this.#gain = new GainNode(context);
    this.#source = new AudioBufferSourceNode(context, { buffer: this.#buffer });
    this.#source.connect(this.#gain).connect(context.destination);
    this.#source.start(startS);
    this.#record = {
      startS, scheduledStartMs: 1000 * startS + offset, durationMs: 1000 * this.#buffer.duration, samples: this.#buffer.length, rateHz: this.#buffer.sampleRate,
      clockRan: this.#device.running, deviceChanges: 0,
    };
    this.#early.length = this.#late.length = 0;
    this.#over = false;
    this.#disturb = disturb;
    // Where it cannot come as early as asked, what is before it lasts longer.
    if (lasts[FIXATION] > 0) lasts[FIXATION] = this.#record.scheduledStartMs - time - lasts[BLANK];
    else lasts[BLANK] = this.#record.scheduledStartMs - time;
    lasts[STIMULUS] = this.#record.durationMs;
  }

  frame(phase) {
    const offset = this.#device.measure();
    if (phase > STIMULUS) this.#end();
    if (phase !== STIMULUS) return;
    const playedMs = performance.now() - this.#record.scheduledStartMs;
    if (playedMs < PART_MS || this.#early.length === 0) this.#early.push(offset);
    if (playedMs > this.#record.durationMs - PART_MS) this.#late.push(offset);
  }

  timing() {
    this.#end();
    const { startS, ...told } = this.#record;
    return { sound: told };
  }

  /** The sound is over: what stops from now on does it no harm. */
  #end() {
    if (this.#over) return;
    this.#over = true;
    const { context } = this.#device, record = this.#record, now = this.#device.measure();
    if (this.#early.length === 0) this.#early.push(now);
    if (this.#late.length === 0) this.#late.push(now);
    const endMs = 1000 * record.startS + record.durationMs;
    Object.assign(record, {
      startMs: 1000 * record.startS + median(this.#early), endMs: endMs + median(this.#late),
      clockRateHz: context.sampleRate, baseLatencyMs: inMs(context.baseLatency), outputLatencyMs: inMs(context.outputLatency),
      clockRan: record.clockRan && this.#device.running && 1000 * context.currentTime >= endMs,
    });
  }

  /** What is still playing ends without a click. */
  clear() {
    this.#disturb = null;
    if (!this.#source) return;
    const { context } = this.#device;
    this.#gain.gain.setTargetAtTime(0, context.currentTime, FADE_S);
    this.#source.stop(context.currentTime + 10 * FADE_S);
    this.#source = this.#gain = null;
  }

  dispose() {
    this.clear();
    this.#forget();
  }

  #happened(what, at) {
    if (!this.#disturb) return;
    this.#disturb(what, at);
    if (this.#over) return;
    if (what === 'device_change') this.#record.deviceChanges++;
    else this.#record.clockRan = false;
  }
}

function inMs(seconds) {
  return seconds === undefined ? null : 1000 * seconds;
}
