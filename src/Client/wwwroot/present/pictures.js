// The pictures of a session, decoded.

import { StimulusLoader } from './stimulusLoader.js';

export function create() {
  return new StimulusLoader(bytes => createImageBitmap(new Blob([bytes])));
}
