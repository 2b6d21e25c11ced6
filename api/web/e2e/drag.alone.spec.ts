import { expect, FERE, keep, simulated, test } from './carte.ts';
import { blank, sketched, start, use } from './simulation.ts';

test('a dragged lieu recolours the map as it goes', async ({ page, watch }) => {
  await start(page, FERE);
  await use(page, 'Ouvrir un lieu');
  const at = await blank(page);
  await page.locator('.stage__map').click({ position: at });
  await simulated(page);
  const asked = () => watch.requests.filter((address) => address.includes('/api/v1/simulation')).length;
  const before = asked();
  const first = await page.locator('.bilan').textContent();
  const mark = await page.locator('.mark--new').boundingBox();
  if (!mark) throw new Error('no mark');
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { frameTimes: times });
    let last = performance.now();
    const tick = (now: number) => {
      times.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  /** Milliseconds of the page's own thread so far. */
  const worked = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1000 * metrics.reduce((sum, { name, value }) => sum + (/^(Script|Layout|RecalcStyle)Duration$/.test(name) ? value : 0), 0);
  };
  const already = await worked();
  const [x, y] = [mark.x + mark.width / 2, mark.y + mark.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const begun = Date.now();
  const STEPS = 80;
  for (let step = 1; step <= STEPS; step += 1) {
    await page.mouse.move(x - 2 * step, y + 3 * step);
    await page.waitForTimeout(Math.max(0, begun + step * 50 - Date.now()));
  }
  const seconds = (Date.now() - begun) / 1000;
  const updates = asked() - before;
  const work = ((await worked()) - already) / updates;
  const times = await page.evaluate(() => (window as unknown as { frameTimes: number[] }).frameTimes.slice(1));
  await keep(page, 'simuler-glisser');
  expect(await sketched(page)).toBeGreaterThan(1000);
  await page.mouse.up();
  await simulated(page);
  await expect.poll(() => sketched(page)).toBeUndefined();
  const sorted = [...times].sort((a, b) => a - b);
  const quantile = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  console.log(`drag: ${updates} updates in ${seconds.toFixed(1)} s (${(updates / seconds).toFixed(1)}/s), frame median ${quantile(0.5)} ms, 95th ${quantile(0.95)} ms, ${sorted.length} frames, ${work.toFixed(1)} ms of the page's thread per update`);
  // How often depends on the machine, which shows this page without a graphics card and computes beside it;
  // that the page itself could do 40 a second does not.
  expect(updates / seconds).toBeGreaterThan(6);
  expect(work).toBeLessThan(25);
  expect(await page.locator('.bilan').textContent()).not.toBe(first);
  // One drag is one step back.
  await page.keyboard.press('Control+z');
  await simulated(page);
  expect(await page.locator('.bilan').textContent()).toBe(first);
});
