// A picture, shown for a moment: trial.js with a picture and its mask.

import { drawCross, drawMask, drawPicture, placeFor } from './layers.js';
import { TrialPresenter } from './trial.js';

/** options: those of the trial, and display: { pictureCssPx, squarePixels, mask, cssPxPerDegree?, viewingDistanceMm? } */
export function create(host, options) {
  return new TrialPresenter(host, options, new PictureStimulus(options.display));
}

class PictureStimulus {
  layers = Array.from({ length: 3 }, () => Object.assign(document.createElement('canvas'), { className: 'layer', ariaHidden: 'true' }));
  #display;

  constructor(display) {
    this.#display = display;
  }

  prepare(bitmap, maskSeed) {
    const display = this.#display, [cross, picture, mask] = this.layers;
    const place = placeFor(display.pictureCssPx, bitmap.width, display.squarePixels);
    drawCross(cross, place);
    drawPicture(picture, place, bitmap);
    drawMask(mask, place, display.mask, maskSeed, bitmap);
    return {
      devicePixelRatio: place.dpr, pictureCssPx: place.size, pictureDevicePx: place.pixels, pictureFilePx: bitmap.width, smoothed: place.smooth,
      cssPxPerDegree: display.cssPxPerDegree ?? null, viewingDistanceMm: display.viewingDistanceMm ?? null,
    };
  }

  begin() {}
  frame() {}
  timing() {}
  clear() {}
  dispose() {}
}
