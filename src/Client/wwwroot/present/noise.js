// Noise to set the volume by.

import { transformLine } from './fourier.js';

const LOWEST_HZ = 50;

/** Pink noise (power falling as 1/f from 50 Hz up) of a level (RMS, full scale is 1). count, a power of two, samples; what follows the last is the first, so that it can be repeated without an end. */
export function pinkSound(count, rateHz, rms) {
  const re = new Float64Array(count), im = new Float64Array(count);
  for (let k = Math.ceil(LOWEST_HZ * count / rateHz); k < count / 2; k++) {
    const phase = 2 * Math.PI * Math.random(), amplitude = 1 / Math.sqrt(k);
    re[k] = re[count - k] = amplitude * Math.cos(phase);
    im[k] = amplitude * Math.sin(phase);
    im[count - k] = -im[k];
  }
  transformLine(re, im, 0, 1, count, +1);
  const scale = rms / Math.sqrt(re.reduce((sum, value) => sum + value * value, 0) / count);
  return Float32Array.from(re, value => scale * value);
}
