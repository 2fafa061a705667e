// Turns a recording that is no WAV into one (32-bit float, one channel, the recording's own rate), by the browser's own decoders, so that the server needs none.
const mostSeconds = 600;
const mostBytesOfUnknownLength = 20 * 1024 * 1024;

// The file as it is sent: WAV files, and what this browser cannot decode, as they are; the server may know the format, or says what is wrong.
export async function asWav(file) {
  const head = new Uint8Array(await file.slice(0, 65536).arrayBuffer());
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 4) === 'WAVE') return file;
  // A day of silence is a small file, and decoded it is larger than this page can be.
  const seconds = await secondsOf(file);
  if (seconds === null || (seconds === Infinity && file.size > mostBytesOfUnknownLength)) return file;
  if (seconds > mostSeconds && seconds !== Infinity) throw Object.assign(new Error(`It lasts ${Math.round(seconds / 60).toLocaleString('en')} minutes; up to ${mostSeconds / 60} can be opened. Cut out the part that you need.`), { final: true });
  try {
    // A context resamples what it decodes to its own rate, so it gets the recording's.
    const context = new OfflineAudioContext(1, 1, rateOf(head));
    return new File([wav(await context.decodeAudioData(await file.arrayBuffer()))], file.name, { lastModified: file.lastModified });
  } catch {
    return file;
  }
}

function text(bytes, from, length) {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}

// Null of what the browser cannot play.
function secondsOf(file) {
  return new Promise(resolve => {
    const audio = new Audio(), url = URL.createObjectURL(file);
    const done = seconds => { URL.revokeObjectURL(url); resolve(seconds); };
    audio.preload = 'metadata';
    audio.onloadedmetadata = () => done(audio.duration);
    audio.onerror = () => done(null);
    audio.src = url;
  });
}

// Opus has 48 kHz always; where the head does not tell, that is the usual rate too.
function rateOf(head) {
  const view = new DataView(head.buffer);
  let rate = 48000;
  if (text(head, 0, 4) === 'fLaC' && head.length > 21) rate = view.getUint32(18) >>> 12;
  else if (text(head, 0, 4) === 'OggS') {
    const vorbis = find(head, '\x01vorbis');
    if (vorbis >= 0) rate = view.getUint32(vorbis + 12, true);
  } else rate = mpegRate(head) ?? rate;
  return Math.min(384000, Math.max(8000, rate));
}

function find(bytes, word) {
  for (let i = 0; i + word.length + 8 < Math.min(bytes.length, 4096); i++) if (text(bytes, i, word.length) === word) return i;
  return -1;
}

// The first frame of an MP3, behind a tag whose length stands in four bytes of seven bits.
function mpegRate(head) {
  let at = text(head, 0, 3) === 'ID3' ? 10 + ((head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9]) : 0;
  for (; at + 3 < head.length; at++) {
    if (head[at] !== 0xff || (head[at + 1] & 0xe6) !== 0xe2) continue;
    const rate = [44100, 48000, 32000][(head[at + 2] >> 2) & 3], version = (head[at + 1] >> 3) & 3;
    if (rate && version !== 1) return rate / [4, 1, 2, 1][version];
  }
  return null;
}

function wav(sound) {
  const { length, sampleRate, numberOfChannels } = sound, bytes = new ArrayBuffer(44 + 4 * length), view = new DataView(bytes);
  const word = (at, value) => [...value].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  word(0, 'RIFF');
  view.setUint32(4, 36 + 4 * length, true);
  word(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 4 * sampleRate, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 32, true);
  word(36, 'data');
  view.setUint32(40, 4 * length, true);
  const channels = Array.from({ length: numberOfChannels }, (_, c) => sound.getChannelData(c));
  const samples = new Float32Array(bytes, 44, length);
  // Typed arrays are little-endian wherever browsers run.
  for (let i = 0; i < length; i++) samples[i] = channels.reduce((sum, channel) => sum + channel[i], 0) / numberOfChannels;
  return bytes;
}
