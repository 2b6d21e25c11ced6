/** Resolves once what is on the page is on screen; soon, where nothing is painted, as behind another tab. */
export function painted(): Promise<void> {
  const SOON = 300;
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, SOON);
  });
}
