import type { Page } from '@playwright/test';
import { expect, keep, newToken, open, settled, test, turn, violations } from './carte.ts';

/** Turns one page through states, each with all that it opens: opening a page for each would take most of the time. */
async function accessible(page: Page, states: readonly (readonly [name: string, fragment: string])[]): Promise<void> {
  await open(page);
  await page.locator('.about summary').click();
  for (const [name, fragment] of states) {
    await turn(page, fragment);
    if (/territoire|maille/.test(fragment)) await expect(page.locator('#details h2')).toBeVisible();
    for (const summary of await page.locator('.fragilite summary, #besoin summary').all()) {
      if ((await summary.isVisible()) && !(await summary.evaluate((node) => (node.parentElement as HTMLDetailsElement).open))) await summary.click();
    }
    if (fragment.includes('territoire=epci')) await expect(page.locator('.fragilite caption')).toBeVisible();
    await settled(page);
    expect(await violations(page), name).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
  }
}

test('accessible with its cards, its table and its views', async ({ page }) => {
  await accessible(page, [
    ['at rest', ''],
    ['with the table and a card open', 'tableau=1&territoire=epci:200072031'],
    ['with the table of communes and another view', 'tableau=1&niveau=commune&dans=epci:200072031&vue=heures'],
    ['with nothing to list', 't=60'],
    ['with a cell, where to act first', 'vue=agir&maille=43829&pos=11.00/49.1900/3.5100'],
  ]);
});

test('accessible with the maps of the index', async ({ page }) => {
  await accessible(page, [
    ['under chosen weights', 'vue=ifn&par=epci&poids=publics:2,fibre:0'],
    ['of people exposed', 'vue=ifn&indice=publics'],
    ['crossed with another variable', 'vue=ifn&croix=revenu_disponible'],
    ['of one variable, among levels of density', 'vue=ifn&indice=fibre&croix=densite_niveau&parmi=5,6,7'],
  ]);
});

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

test('the page of a saved scenario is accessible, alone and beside another', async ({ page, request }) => {
  const headers = { Authorization: `Bearer ${newToken()}` };
  const save = async (name: string, lon: number, lat: number) => {
    const lieu = { do: 'add_lieu', nom: 'Mairie', lon, lat, services: ['tous'], horaires: 'Mo-Fr 09:00-12:00,14:00-17:00' };
    const saved = await request.post('./api/v1/scenarios', { headers, data: { name, actions: [lieu] } });
    expect(saved.status()).toBe(201);
    return ((await saved.json()) as { id: string }).id;
  };
  const [one, other] = [await save('Fère-en-Tardenois', 3.519, 49.193), await save('Neuilly-Saint-Front', 3.263, 49.171)];
  for (const [name, address] of [
    ['seul', `scenarios/${one}`],
    ['deux', `scenarios/${one}?avec=${other}`],
  ] as const) {
    await page.goto(`./${address}`);
    await expect(page.getByRole('listitem').first()).toContainText('lundi – vendredi de 9\u00a0h à 12\u00a0h et de 14\u00a0h à 17\u00a0h');
    await keep(page, `scenario-${name}-${page.viewportSize()?.width}`, true);
    expect(await violations(page), name).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
});
