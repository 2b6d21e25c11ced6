import { expect, keep, landed, look, open, settled, test } from './carte.ts';

test('nothing sticks out sideways, and the map is painted', async ({ page }) => {
  await open(page, 'tableau=1');
  expect(await overflow(page)).toBe(0);
  const { classes } = await look(page);
  expect(classes.couverte).toBeGreaterThan(10_000);
  expect(classes.blanche).toBeGreaterThan(500);
  await page.evaluate(() => scrollTo(0, 0));
  await keep(page, 'telephone');
  await keep(page, 'telephone-page', true);
});

test('a zone chosen from the list is seen above its card', async ({ page }) => {
  await open(page);
  await page.locator('.zone').nth(1).tap();
  await landed(page);
  await expect(page.locator('#details')).toContainText('Zone blanche n° 2');
  const map = await page.locator('.stage__map').boundingBox();
  const card = await page.locator('#details').boundingBox();
  expect(map?.y).toBeGreaterThanOrEqual(-1);
  expect((card?.y ?? 0) - (map?.y ?? 0)).toBeGreaterThan(300);
  await keep(page, 'telephone-zone');
  await page.getByRole('button', { name: 'Fermer les détails' }).tap();
  await expect(page.locator('#details')).toBeHidden();
});

test('the narrowest phones and a page at 200 % keep to their width', async ({ page }) => {
  await open(page);
  for (const [width, height] of [[320, 640], [720, 450], [1000, 500]] as const) {
    await page.setViewportSize({ width, height });
    await settled(page);
    expect(await overflow(page), `${width} × ${height}`).toBe(0);
  }
});

/** CSS pixels by which the page is wider than the window. */
function overflow(page: import('@playwright/test').Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
