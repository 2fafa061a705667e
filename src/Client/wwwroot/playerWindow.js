// What the player asks of the window. Full screen is only offered, so that a refusal is not an error.
window.playerWindow = {
  /** Takes a session for this tab; false if another tab has it. It is free again when the tab is gone. */
  holdSession(id) {
    // Only there over https and on this computer; without it two tabs ask the same, and the first answer to a trial counts.
    if (!navigator.locks) return true;
    // A page that has just gone, after a reload for example, may need a moment to give it back.
    return new Promise(told => navigator.locks.request(`session-${id}`, { signal: AbortSignal.timeout(3000) }, () => {
      told(true);
      return new Promise(() => {});
    }).catch(() => told(false)));
  },
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
