// Full screen, where the browser has it; a refusal is not an error, since it is only offered.
window.playerWindow = {
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
