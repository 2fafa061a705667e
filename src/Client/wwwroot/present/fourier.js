// Fast Fourier transform in place, for masks and noise. n is a power of two.

/** One line of n complex numbers that begins at `start` and goes on every `step`; sign -1 forward, +1 backward, not scaled. */
export function transformLine(re, im, start, step, n, sign) {
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    const a = start + i * step, b = start + j * step;
    [re[a], re[b]] = [re[b], re[a]];
    [im[a], im[b]] = [im[b], im[a]];
  }
  for (let size = 2; size <= n; size *= 2) {
    const angle = sign * 2 * Math.PI / size, cos = Math.cos(angle), sin = Math.sin(angle);
    for (let block = 0; block < n; block += size) {
      let wr = 1, wi = 0;
      for (let k = 0; k < size / 2; k++) {
        const a = start + (block + k) * step, b = a + size / 2 * step;
        const tr = re[b] * wr - im[b] * wi, ti = re[b] * wi + im[b] * wr;
        re[b] = re[a] - tr;
        im[b] = im[a] - ti;
        re[a] += tr;
        im[a] += ti;
        [wr, wi] = [wr * cos - wi * sin, wr * sin + wi * cos];
      }
    }
  }
}

/** A square of n × n complex numbers, row by row. Backward divides by n², so that forward and backward give the same again. */
export function transformSquare(re, im, n, backward = false) {
  const sign = backward ? 1 : -1;
  for (let row = 0; row < n; row++) transformLine(re, im, row * n, 1, n, sign);
  for (let column = 0; column < n; column++) transformLine(re, im, column, n, n, sign);
  if (!backward) return;
  for (let i = 0; i < n * n; i++) {
    re[i] /= n * n;
    im[i] /= n * n;
  }
}
