// Tells the page around the frame how high this one is, now and when it changes.
if (parent !== window) {
  const tell = () => parent.postMessage({ maillage: { height: document.documentElement.getBoundingClientRect().height } }, '*');
  new ResizeObserver(tell).observe(document.documentElement);
}
