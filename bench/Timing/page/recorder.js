// What the page's audio clock plays, sample by sample, seen from its own thread: { frame, left, right } for every block.

registerProcessor('recorder', class extends AudioWorkletProcessor {
  process([input]) {
    const left = input[0] ?? new Float32Array(128), right = input[1] ?? left;
    this.port.postMessage({ frame: currentFrame, left: left.slice(), right: right.slice() });
    return true;
  }
});
