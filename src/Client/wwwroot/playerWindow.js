// What the player asks of the window. Full screen is only offered, so that a refusal is not an error.
window.playerWindow = {
  /** What the browser asks for, as in Accept-Language. */
  languages() {
    return navigator.languages.join(',');
  },
  speak(language, direction) {
    document.documentElement.lang = language;
    document.documentElement.dir = direction;
  },
  /** A phone or tablet: no mouse, and nothing that hovers. */
  isHandheld() {
    return matchMedia('(hover: none) and (pointer: coarse)').matches;
  },
  async enterFullScreen() {
    try {
      await document.documentElement.requestFullscreen?.({ navigationUI: 'hide' });
    } catch (refused) {
      console.info(`No full screen: ${refused.message}`);
    }
  },
  async leaveFullScreen() {
    if (document.fullscreenElement) await document.exitFullscreen();
  },
};
