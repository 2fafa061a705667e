// The masks. Each is decided by its seed alone (and the picture, if it is scrambled): the same seed gives the same mask again.

import { transformSquare } from './fourier.js';

/** xorshift32; 0 would stay 0, so it stands for another seed. */
function generator(seed) {
  let state = (seed >>> 0) || 0x9E3779B9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Every pixel of a colour of its own, uniform over all colours: the upper 24 bits of one draw for each. */
export function pixelNoise(side, seed) {
  const noise = new ImageData(side, side);
  const pixels = new Uint32Array(noise.data.buffer);
  const next = generator(seed);
  for (let i = 0; i < pixels.length; i++) pixels[i] = 0xFF000000 | (next() >>> 8);
  return noise;
}

/** Phases of white noise: a real signal's, so that what is made with them is real. cos and sin of each, n × n. */
function randomPhases(n, seed) {
  const next = generator(seed);
  const re = new Float64Array(n * n), im = new Float64Array(n * n);
  for (let i = 0; i < re.length; i++) re[i] = next() / 2 ** 32 - 0.5;
  transformSquare(re, im, n);
  for (let i = 0; i < re.length; i++) {
    const length = Math.hypot(re[i], im[i]) || 1;
    re[i] /= length;
    im[i] /= length;
  }
  return { re, im };
}

/** Grey noise whose amplitude falls as 1/f; mean 128, standard deviation 48, clipped. `side` is a power of two. */
export function pinkNoise(side, seed) {
  const { re, im } = randomPhases(side, seed);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const f = Math.hypot(x > side / 2 ? x - side : x, y > side / 2 ? y - side : y);
      const amplitude = f === 0 ? 0 : 1 / f;
      re[y * side + x] *= amplitude;
      im[y * side + x] *= amplitude;
    }
  }
  transformSquare(re, im, side, true);
  let power = 0;
  for (const value of re) power += value * value;
  const scale = 48 / Math.sqrt(power / re.length);
  const noise = new ImageData(side, side);
  for (let i = 0; i < re.length; i++) {
    noise.data[4 * i] = noise.data[4 * i + 1] = noise.data[4 * i + 2] = 128 + re[i] * scale;
    noise.data[4 * i + 3] = 255;
  }
  return noise;
}

/**
 * The picture with the same random phases added to those of each colour: its spectrum and the relations of its colours stay, its shapes go
 * (as in Oppenheim and Lim 1981; adding instead of replacing keeps the colours of natural pictures). The picture's side is a power of two.
 */
export function phaseScrambled(picture, seed) {
  const side = picture.width;
  const phases = randomPhases(side, seed);
  const re = new Float64Array(side * side), im = new Float64Array(side * side);
  const scrambled = new ImageData(side, side);
  for (let colour = 0; colour < 3; colour++) {
    for (let i = 0; i < re.length; i++) re[i] = picture.data[4 * i + colour];
    im.fill(0);
    transformSquare(re, im, side);
    // The mean, at 0, stays.
    for (let i = 1; i < re.length; i++) {
      const r = re[i] * phases.re[i] - im[i] * phases.im[i];
      im[i] = re[i] * phases.im[i] + im[i] * phases.re[i];
      re[i] = r;
    }
    transformSquare(re, im, side, true);
    for (let i = 0; i < re.length; i++) scrambled.data[4 * i + colour] = re[i];
  }
  for (let i = 3; i < scrambled.data.length; i += 4) scrambled.data[i] = 255;
  return scrambled;
}
