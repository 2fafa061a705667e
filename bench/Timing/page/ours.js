// Our presenter: grey, the picture, then two tiles.

import { create } from '/present/image.js';

/** Runs trials of the given durations (ms), one after the other; a record for each. */
export async function run(durations, picture, oracle, press) {
  const host = document.querySelector('#ours');
  const records = [];
  for (const stimulusMs of durations) {
    const presenter = create(host, {
      blankMs: 50, fixationMs: 0, stimulusMs, maskMs: 0, timeLimitMs: null,
      display: { pictureCssPx: 224, squarePixels: false, mask: 'None' },
      answers: { format: 'Row', choices: ['a', 'b'], icons: null, keys: ['KeyF', 'KeyJ'], dontKnow: null, name: 'answer' }, rating: null,
    });
    const layers = host.querySelectorAll('.layer'), grid = host.querySelector('.grid');
    oracle.watch('stimulus', () => layers[1].style.opacity === '1' && getComputedStyle(layers[1]).opacity === '1');
    oracle.watch('response', () => getComputedStyle(grid).opacity === '1');
    // The refresh interval is known after a few frames.
    while (presenter.measuredFrames() < 12) await new Promise(requestAnimationFrame);
    presenter.prepare(picture, 1);
    const appears = oracle.next('stimulus', true), disappears = oracle.next('stimulus', false), asks = oracle.next('response', true);
    const over = presenter.run();
    const [on, off, zero] = await Promise.all([appears, disappears, asks]);
    const pressedAt = await press({ key: 'f', code: 'KeyF' }, document);
    const answer = JSON.parse(await over);
    records.push({ on, off, reactionTimeErrorMs: answer.reactionTimeMs - (pressedAt - zero.time), timing: answer.timing });
    presenter.clear();
    presenter.dispose();
  }
  return records;
}
