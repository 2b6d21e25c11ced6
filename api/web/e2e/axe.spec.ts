import { expect, keep, open, test, violations } from './carte.ts';

for (const [name, fragment] of [
  ['at rest', ''],
  ['with the table and a card open', 'tableau=1&territoire=epci:200072031'],
  ['with the table of communes and another view', 'tableau=1&niveau=commune&dans=epci:200072031&vue=heures'],
  ['with nothing to list', 't=60'],
] as const) {
  test(`accessible ${name}`, async ({ page }) => {
    await open(page, fragment);
    if (fragment.includes('territoire')) await expect(page.locator('#details h2')).toBeVisible();
    if (fragment.includes('territoire')) {
      await page.locator('.fragilite summary').click();
      await expect(page.locator('.fragilite caption')).toBeVisible();
    }
    await page.locator('.about summary').click();
    expect(await violations(page)).toEqual([]);
  });
}

test('the page of a territoire is accessible', async ({ page }) => {
  await page.goto('./territoires/epci:200072031');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await violations(page)).toEqual([]);
});

for (const address of ['docs', 'ogc/collections?f=html']) {
  test(`accessible: ${address}`, async ({ page }) => {
    await page.goto(`./${address}`);
    await keep(page, `page-${address.replace(/\W+/g, '-')}-${page.viewportSize()?.width}`);
    expect(await violations(page, '.docs > section ~ section')).toEqual([]); // a hundred alike
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
}
