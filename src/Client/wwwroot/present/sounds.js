// The sounds of a session, decoded. Browsers differ in how they scale 16 bits and resample what they decode to the rate of the audio clock; here each sample stays what it is in the file.

import { StimulusLoader } from './stimulusLoader.js';

const HEADER_BYTES = 44, PCM = 1, FULL_SCALE = 32768;

export function create() {
  return new StimulusLoader(decode);
}

/** A WAV file as the server sends them, 16 bits and one channel: { samples: -1 to 1, rateHz, close }. */
export function decode(bytes) {
  const view = new DataView(bytes), text = at => String.fromCharCode(...new Uint8Array(bytes, at, 4));
  if (view.byteLength <= HEADER_BYTES || text(0) !== 'RIFF' || text(8) !== 'WAVE' || text(12) !== 'fmt ' || text(36) !== 'data') throw new Error('This is no sound.');
  const [kind, channels, bits] = [20, 22, 34].map(at => view.getUint16(at, true));
  if (kind !== PCM || channels !== 1 || bits !== 16) throw new Error('This sound is not of 16 bits and one channel.');
  if (view.getUint32(40, true) !== view.byteLength - HEADER_BYTES) throw new Error('This sound is cut off.');
  return { samples: Float32Array.from(new Int16Array(bytes, HEADER_BYTES), value => value / FULL_SCALE), rateHz: view.getUint32(24, true), close() {} };
}
