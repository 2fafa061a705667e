// A dot that moves away from a square, to the left, until it is stopped: how far it is then tells where the left eye's blind spot begins.

const CSS_PX_PER_SECOND = 110;

export function moveDot(area) {
  const square = area.querySelector('.square'), dot = area.querySelector('.dot');
  const start = performance.now();
  let away = 0;
  let request = requestAnimationFrame(function move(time) {
    const room = square.offsetLeft - dot.offsetWidth;
    away = Math.max(0, time - start) / 1000 * CSS_PX_PER_SECOND % room;
    dot.style.transform = `translateX(${-away}px)`;
    request = requestAnimationFrame(move);
  });
  return {
    /** Stops it; gives the distance between the middles of square and dot, CSS px. */
    stop() {
      cancelAnimationFrame(request);
      const a = square.getBoundingClientRect(), b = dot.getBoundingClientRect();
      dot.style.transform = '';
      return a.left + a.width / 2 - (b.left + b.width / 2);
    },
  };
}
