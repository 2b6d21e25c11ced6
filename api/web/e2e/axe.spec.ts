import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, open, test } from './carte.ts';

/** Every rule of WCAG 2.2 A and AA that axe knows, and its good practices: none may be broken, however slightly. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return found.map(({ impact, id, nodes }) => `${impact}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

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
