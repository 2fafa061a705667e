// Plays sounds by the presenter, and by a timer as a page would without one, and records what the audio clock plays and when.

import { startLoad } from './load.js';

const contexts = [], starts = [];

// Whatever is connected to the loudspeaker goes through a node that can be listened to.
window.AudioContext = class extends AudioContext {
  #tap = null;

  get destination() {
    if (this.#tap) return this.#tap;
    this.#tap = new GainNode(this);
    this.#tap.connect(super.destination);
    contexts.push(this);
    return this.#tap;
  }
};
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (when, ...rest) {
  starts.push(when);
  return start.call(this, when, ...rest);
};

const { open, median } = await import('/present/audioDevice.js');
const { create } = await import('/present/sound.js');
const { decode } = await import('/present/sounds.js');
const { scheduleTones } = await import('/present/soundChecks.js');
const { pinkSound } = await import('/present/noise.js');
window.present = { open, create, decode, scheduleTones, pinkSound };

let blocks = null;

/** Opens the audio clock and listens to it; the page must have been clicked. */
window.listen = async rateHz => {
  const device = open(rateHz);
  if (!await device.start()) throw new Error('The browser plays nothing.');
  void device.context.destination;
  const recorderCode = await (await fetch('/recorder.js')).blob();
  await device.context.audioWorklet.addModule(URL.createObjectURL(recorderCode.slice(0, recorderCode.size, 'text/javascript')));
  const recorder = new AudioWorkletNode(device.context, 'recorder', { channelCount: 2, channelCountMode: 'explicit' });
  recorder.port.onmessage = ({ data }) => blocks?.push(data);
  device.context.destination.connect(recorder);
  return device.context.sampleRate;
};

/** Frame of the audio clock and samples of what was played, from the first that is not 0 to the last; null for silence. */
function heard() {
  const played = side => blocks.flatMap(block => [...block[side]]);
  const left = played('left'), right = played('right');
  const first = left.findIndex(value => value !== 0);
  if (first < 0) return null;
  const last = left.findLastIndex(value => value !== 0);
  return { frame: blocks[0].frame + first, left: left.slice(first, last + 1), right: right.slice(first, last + 1), gapless: blocks.every((block, n) => n === 0 || block.frame === blocks[n - 1].frame + 128) };
}

/** One trial of a sound, answered as soon as that is possible: { timing, when: s on the audio clock, heard }. */
window.playOnce = async (sound, { blankMs = 60, fixationMs = 60, during = null } = {}) => {
  const device = open(sound.rateHz);
  const presenter = create(document.querySelector('#ours'), {
    blankMs, fixationMs, stimulusMs: 0, maskMs: 0, timeLimitMs: null, display: { pictureCssPx: 224 }, soundRateHz: sound.rateHz,
    answers: { format: 'Row', choices: ['a', 'b'], icons: null, keys: ['KeyF', 'KeyJ'], dontKnow: null, name: 'answer' }, rating: null,
  });
  while (presenter.measuredFrames() < 12) await new Promise(requestAnimationFrame);
  await presenter.prepare(sound, 1);
  blocks = [];
  starts.length = 0;
  const over = presenter.run(), host = document.querySelector('#ours');
  const phase = name => new Promise(there => {
    const seen = new MutationObserver(() => {
      if (host.dataset.phase !== name) return;
      seen.disconnect();
      there();
    });
    seen.observe(host, { attributeFilter: ['data-phase'] });
  });
  if (during) {
    await phase('stimulus');
    await during(device);
  }
  if (host.dataset.phase !== 'response') await phase('response');
  await new Promise(requestAnimationFrame);
  document.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyF', key: 'f', bubbles: true }));
  const { timing } = JSON.parse(await over);
  // What is still on its way from the recorder's thread.
  const end = device.running ? device.context.currentTime + 0.05 : 0;
  while (device.running && (device.context.currentTime < end || (blocks.at(-1)?.frame ?? 0) < end * device.context.sampleRate)) await new Promise(resume => setTimeout(resume, 5));
  presenter.clear();
  presenter.dispose();
  return { timing, when: starts[0], rateHz: device.context.sampleRate, heard: heard() };
};

/** A short burst of noise. */
function burst(rateHz) {
  return { samples: pinkSound(1024, rateHz, 0.1), rateHz, close() {} };
}

/**
 * Onsets of sounds, ms on the page's clock: [{ scheduledMs, actualMs, clockErrorMs, recordedMs }], by the presenter or by a timer that calls start() when the time has come.
 * Actual is the first sample that the recorder saw, brought to the page's clock by what the browser said of both during the sound.
 */
window.onsets = async (engine, count, rateHz, load) => {
  const stop = load ? startLoad(load) : () => {}, found = [];
  try {
    for (let n = 0; n < count; n++) found.push(engine === 'ours' ? await ours(rateHz) : await timer(rateHz));
  } finally {
    stop();
  }
  return found;
};

/** How the two clocks lie to each other, read again and again until it is called: median, ms of the page's clock less ms of the audio clock. */
function compareClocks(context) {
  const offsets = [];
  const reading = setInterval(() => {
    const { contextTime, performanceTime } = context.getOutputTimestamp();
    offsets.push(performanceTime - 1000 * contextTime);
  }, 5);
  return () => {
    clearInterval(reading);
    return median(offsets);
  };
}

async function ours(rateHz) {
  const clocks = compareClocks(open(rateHz).context);
  const { timing: { sound }, when, heard: played } = await window.playOnce(burst(rateHz), { blankMs: 150, fixationMs: 0 });
  // The recorder's frame is of the audio clock, as is the time that was asked for.
  return { scheduledMs: sound.scheduledStartMs, actualMs: 1000 * played.frame / rateHz + clocks(), clockErrorMs: 1000 * (played.frame / rateHz - when), recordedMs: sound.startMs };
}

async function timer(rateHz) {
  const { context } = open(rateHz), clocks = compareClocks(context);
  const buffer = new AudioBuffer({ length: 1024, numberOfChannels: 1, sampleRate: rateHz });
  buffer.copyToChannel(burst(rateHz).samples, 0);
  blocks = [];
  const scheduledMs = performance.now() + 150;
  await new Promise(played => setTimeout(() => {
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    source.addEventListener('ended', played);
    source.start();
  }, 150));
  const end = context.currentTime + 0.05;
  while (context.currentTime < end || (blocks.at(-1)?.frame ?? 0) < end * rateHz) {
    await new Promise(resume => setTimeout(resume, 5));
  }
  return { scheduledMs, actualMs: 1000 * heard().frame / rateHz + clocks(), clockErrorMs: null, recordedMs: null };
}

window.ready = true;
