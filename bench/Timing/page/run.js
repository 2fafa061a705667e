// One block of trials of one engine; called from outside, so that engines and loads alternate.

import { Oracle } from './oracle.js';
import { startLoad } from './load.js';
import { run as runOurs } from './ours.js';
import { run as runJsPsych } from './jspsych.js';

const pictureAddress = '/picture.svg';
const oracle = new Oracle();

/** Presses a key between 20 and 35 ms from now; gives the event's time stamp. */
async function press(key, target) {
  await new Promise(resume => setTimeout(resume, 20 + 15 * Math.random()));
  const down = new KeyboardEvent('keydown', { ...key, bubbles: true });
  target.dispatchEvent(down);
  target.dispatchEvent(new KeyboardEvent('keyup', { ...key, bubbles: true }));
  return down.timeStamp;
}

async function picture() {
  const image = Object.assign(new Image(), { src: pictureAddress });
  await image.decode();
  return await createImageBitmap(image, { resizeWidth: 224, resizeHeight: 224 });
}

/** engine: ours or jspsych; durations in ms; load: seed of the load, 0 for none. */
window.runBlock = async (engine, durations, load) => {
  const stop = load ? startLoad(load) : () => {};
  try {
    return engine === 'ours' ? await runOurs(durations, await picture(), oracle, press) : await runJsPsych(durations, pictureAddress, oracle, press);
  } finally {
    stop();
  }
};

/** The refresh interval: median of 120 frames, ms. */
window.refreshInterval = async () => {
  const times = [];
  while (times.length < 121) times.push(await new Promise(requestAnimationFrame));
  return times.slice(1).map((time, n) => time - times[n]).sort((a, b) => a - b)[60];
};
