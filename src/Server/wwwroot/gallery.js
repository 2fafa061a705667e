// Tells a gallery how many cards fit beside each other, now and whenever that changes.
export function watchColumns(element, cardWidth, gap, gallery) {
  let told = 0;
  const look = () => {
    const fitting = Math.max(1, Math.floor((element.clientWidth + gap) / (cardWidth + gap)));
    if (fitting === told) return;
    told = fitting;
    gallery.invokeMethodAsync('SetColumns', fitting);
  };
  const observer = new ResizeObserver(look);
  observer.observe(element);
  look();
  return observer;
}
