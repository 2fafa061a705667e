// What the canvases hold; drawn before the trial, never during it.

import { phaseScrambled, pinkNoise, pixelNoise } from './masks.js';

function fit(canvas, { size, pixels, left, top }) {
  if (canvas.width !== pixels || canvas.height !== pixels) canvas.width = canvas.height = pixels;
  Object.assign(canvas.style, { width: `${size}px`, height: `${size}px`, left: `${left}px`, top: `${top}px` });
  const context = canvas.getContext('2d');
  context.clearRect(0, 0, pixels, pixels);
  return context;
}

/**
 * Where the picture lies: in the middle of the window, on whole device pixels, no larger than the window.
 * With square pixels its side is the whole multiple of the file's side that comes nearest to what was asked for.
 */
export function placeFor(askedCssPx, fileSide, squarePixels) {
  const dpr = window.devicePixelRatio || 1;
  const most = Math.floor(Math.min(innerWidth, innerHeight) * dpr);
  let pixels = Math.min(Math.round(askedCssPx * dpr), most);
  const multiple = Math.max(1, Math.min(Math.round(askedCssPx * dpr / fileSide), Math.floor(most / fileSide)));
  if (squarePixels && fileSide * multiple <= most) pixels = fileSide * multiple;
  const size = pixels / dpr;
  return {
    size, pixels, dpr, smooth: pixels % fileSide !== 0 || !squarePixels && pixels !== fileSide,
    left: Math.round((innerWidth - size) / 2 * dpr) / dpr, top: Math.round((innerHeight - size) / 2 * dpr) / dpr,
  };
}

/** A thin dark cross, 20 CSS px, in the middle. */
export function drawCross(canvas, place) {
  const context = fit(canvas, place);
  const middle = canvas.width / 2, arm = 10 * place.dpr, width = Math.max(2, Math.round(2 * place.dpr));
  context.fillStyle = '#111';
  context.fillRect(Math.round(middle - arm), Math.round(middle - width / 2), Math.round(2 * arm), width);
  context.fillRect(Math.round(middle - width / 2), Math.round(middle - arm), width, Math.round(2 * arm));
}

/** The picture, scaled to the canvas. */
export function drawPicture(canvas, place, bitmap) {
  const context = fit(canvas, place);
  context.imageSmoothingEnabled = place.smooth;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
}

/** kind: PixelNoise, PinkNoise, PhaseScrambled or None. */
export function drawMask(canvas, place, kind, seed, bitmap) {
  const context = fit(canvas, place);
  if (kind === 'None') return;
  const side = Math.round(place.size), even = 2 ** Math.round(Math.log2(side));
  const noise = kind === 'PinkNoise' ? pinkNoise(even, seed) : kind === 'PhaseScrambled' ? phaseScrambled(pixelsOf(bitmap, even), seed) : pixelNoise(side, seed);
  const small = new OffscreenCanvas(noise.width, noise.height);
  small.getContext('2d').putImageData(noise, 0, 0);
  context.imageSmoothingEnabled = kind !== 'PixelNoise';
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

function pixelsOf(bitmap, side) {
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, side, side);
  return context.getImageData(0, 0, side, side);
}
