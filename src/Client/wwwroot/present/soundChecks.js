// What is heard before the first trial: a noise to set the volume by, and the tones of the headphone check.

import { open } from './audioDevice.js';
import { pinkSound } from './noise.js';

const NOISE_SAMPLES = 2 ** 16, NOISE_RAMP_S = 0.05, LEAD_S = 0.1, CURVE_POINTS = 64;

export function create(rateHz) {
  return new SoundChecks(open(rateHz));
}

class SoundChecks {
  #device; #noise = null;

  constructor(device) {
    this.#device = device;
  }

  /** Whether sound can be played now; it is turned on if the browser lets it. */
  start() {
    return this.#device.start();
  }

  /** Plays noise of a level until it is stopped; false where the browser plays nothing. */
  async startNoise(rms) {
    if (this.#noise || !await this.#device.start()) return this.#noise !== null;
    // Pressed twice while the sound was being turned on: it plays once.
    if (this.#noise) return true;
    const { context } = this.#device, gain = new GainNode(context, { gain: 0 });
    const buffer = new AudioBuffer({ length: NOISE_SAMPLES, numberOfChannels: 1, sampleRate: context.sampleRate });
    buffer.copyToChannel(pinkSound(NOISE_SAMPLES, context.sampleRate, rms), 0);
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    source.connect(gain).connect(context.destination);
    gain.gain.setTargetAtTime(1, context.currentTime, NOISE_RAMP_S);
    source.start();
    this.#noise = { source, gain };
    return true;
  }

  stopNoise() {
    if (!this.#noise) return;
    const { source, gain } = this.#noise, { context } = this.#device;
    gain.gain.setTargetAtTime(0, context.currentTime, NOISE_RAMP_S);
    source.stop(context.currentTime + 10 * NOISE_RAMP_S);
    this.#noise = null;
  }

  /** Plays the tones of a round; true when they were heard to their end, false where the sound stopped or headphones came or went. */
  async playTones(check, tones) {
    if (!await this.#device.start()) return false;
    const { context } = this.#device;
    const last = scheduleTones(context, check, tones, context.currentTime + LEAD_S);
    return await new Promise(over => {
      const end = heard => {
        forget();
        over(heard);
      };
      const forget = this.#device.listen(() => end(false));
      last.addEventListener('ended', () => end(true));
    });
  }
}

/**
 * Puts the tones of a round on an audio clock; gives the last of them.
 * check: { toneHz, toneMs, rampMs, gapMs }; tones: [{ left, right }], the amplitudes in the two channels, where a minus turns the phase; at: s.
 */
export function scheduleTones(context, check, tones, at) {
  const rampS = check.rampMs / 1000, toneS = check.toneMs / 1000;
  const rise = Float32Array.from({ length: CURVE_POINTS }, (_, n) => (1 - Math.cos(Math.PI * n / (CURVE_POINTS - 1))) / 2);
  let tone;
  for (const { left, right } of tones) {
    tone = new OscillatorNode(context, { frequency: check.toneHz });
    const shape = new GainNode(context, { gain: 0 }), sides = new ChannelMergerNode(context, { numberOfInputs: 2 });
    shape.gain.setValueCurveAtTime(rise, at, rampS);
    shape.gain.setValueCurveAtTime(rise.toReversed(), at + toneS - rampS, rampS);
    tone.connect(shape);
    [left, right].forEach((amplitude, side) => shape.connect(new GainNode(context, { gain: amplitude })).connect(sides, 0, side));
    sides.connect(context.destination);
    tone.start(at);
    tone.stop(at + toneS);
    at += toneS + check.gapMs / 1000;
  }
  return tone;
}
