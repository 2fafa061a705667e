// What the canvases hold; drawn before the trial, never during it.

function fit(canvas, { size, dpr, left, top }) {
  const pixels = Math.round(size * dpr);
  if (canvas.width !== pixels || canvas.height !== pixels) canvas.width = canvas.height = pixels;
  Object.assign(canvas.style, { width: `${size}px`, height: `${size}px`, left: `${left}px`, top: `${top}px` });
  const context = canvas.getContext('2d');
  context.clearRect(0, 0, pixels, pixels);
  return context;
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
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
}

/** Every CSS pixel of a colour of its own, uniform over all colours; the seed decides them (xorshift32, 24 bits for each pixel). */
export function drawMask(canvas, place, seed) {
  const side = Math.round(place.size);
  const noise = new ImageData(side, side);
  const pixels = new Uint32Array(noise.data.buffer);
  let state = (seed >>> 0) || 0x9E3779B9;
  for (let i = 0; i < pixels.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    pixels[i] = 0xFF000000 | (state >>> 8);
  }
  const context = fit(canvas, place);
  if (canvas.width === side) {
    context.putImageData(noise, 0, 0);
    return;
  }
  const small = new OffscreenCanvas(side, side);
  small.getContext('2d').putImageData(noise, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}
