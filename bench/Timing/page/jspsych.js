// jsPsych with its image-keyboard-response plugin, as its documentation shows it.

/** Runs trials of the given durations (ms), one after the other; a record for each. */
export async function run(durations, pictureAddress, oracle, press) {
  const host = document.querySelector('#theirs');
  const records = [];
  const jsPsych = window.initJsPsych({ display_element: host });
  const picture = () => host.querySelector('#jspsych-image-keyboard-response-stimulus');
  oracle.watch('stimulus', () => picture() !== null && getComputedStyle(picture()).visibility !== 'hidden');
  await jsPsych.run(durations.map(stimulusMs => ({
    type: window.jsPsychImageKeyboardResponse,
    stimulus: pictureAddress,
    choices: ['f'],
    stimulus_duration: stimulusMs,
    post_trial_gap: 50,
    on_load: () => {
      const appears = oracle.next('stimulus', true), disappears = oracle.next('stimulus', false);
      // On a busy machine its timer may hide the picture before any frame has shown it.
      const never = new Promise(resume => setTimeout(() => resume([{ time: 0, lag: 0 }, { time: 0, lag: 0 }]), stimulusMs + 2000));
      Promise.race([Promise.all([appears, disappears]), never]).then(async ([on, off]) => {
        records.push({ on, off, timing: null });
        records.at(-1).pressedAt = await press({ key: 'f', code: 'KeyF' }, host);
      });
    },
    on_finish: data => {
      const record = records.at(-1);
      record.reactionTimeMs = data.rt;
    },
  })));
  host.replaceChildren();
  // Its reaction time begins with the picture.
  return records.map(({ on, off, timing, pressedAt, reactionTimeMs }) => ({ on, off, timing, reactionTimeErrorMs: reactionTimeMs - (pressedAt - on.time) }));
}
