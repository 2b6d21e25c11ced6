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

test('changes are tried with a thumb, the map seen above the sheet', async ({ page }) => {
  await open(page, 'pos=10.20/49.1500/3.5500');
  await page.locator('#simuler-bouton').tap();
  await expect(page.locator('#simuler h2')).toHaveText('Que voulez-vous essayer ?');
  await settled(page);
  await keep(page, 'simuler-telephone-menu');
  await page.getByRole('button', { name: /^Ouvrir un lieu/ }).tap();
  const stage = await page.locator('.stage__map').boundingBox();
  const sheet = await page.locator('#simuler').boundingBox();
  if (!stage || !sheet) throw new Error('no map or no sheet');
  const free = sheet.y - stage.y;
  expect(free).toBeGreaterThan(220);
  await page.touchscreen.tap(stage.x + stage.width / 2, stage.y + free * 0.6);
  await expect(page.locator('.bilan')).toBeVisible();
  await expect(page.locator('.simuler__bilan')).not.toHaveAttribute('aria-busy', 'true');
  await settled(page);
  expect(await overflow(page)).toBe(0);
  await expect(page.locator('.bilan li').first()).toBeInViewport();
  await keep(page, 'simuler-telephone');
  await page.getByRole('button', { name: '← Retour' }).tap();
  await page.locator('.stage__calque label', { hasText: 'Différence' }).tap();
  await settled(page);
  await keep(page, 'simuler-telephone-difference');
});

/** CSS pixels by which the page is wider than the window. */
function overflow(page: import('@playwright/test').Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
