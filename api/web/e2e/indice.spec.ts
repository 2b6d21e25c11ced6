/** The maps of the index: three of them, one variable, other weights, crossings, what is missing. */
import type { Page } from '@playwright/test';
import type { components } from '../src/shared/openapi.gen.ts';
import { RAMPS } from '../src/shared/palette.ts';
import { count, expect, keep, look, onPaper, open, settled, test, turn } from './carte.ts';

type Index = components['schemas']['Ifn'];

const legend = (page: Page) => page.locator('#legende');
const numbers = (texts: readonly string[]) => texts.map((text) => Number(text.replace(/\D/g, '')));
const need = (page: Page) => new URLSearchParams(new URL(page.url()).hash.slice(1));

test('the three maps of the roadmap and one variable have their colours, their people, their sources, on paper too', async ({ page }) => {
  await open(page, 'vue=ifn');
  const bands = ((await (await page.request.get('api/v1/repartition')).json()) as components['schemas']['Repartition']).ifn;
  expect(numbers(await page.locator('.legend__people').allTextContents())).toEqual([...bands.people, bands.unknown]);
  for (const [id, name] of [['', 'Indice général'], ['amenagement', 'Enjeux d’aménagement'], ['publics', 'Publics exposés']] as const) {
    await page.locator(`input[name="besoin-carte"][value="${id}"]`).check({ force: true });
    await settled(page);
    await expect(legend(page).locator('h2')).toHaveText(`${name} – Communes`);
    const { png } = await look(page);
    for (const colour of RAMPS.ifn) expect(count(png, colour), `${name} ${colour}`).toBeGreaterThan(500);
    await keep(page, `indice-${id || 'general'}`);
  }
  await expect(legend(page)).toContainText(/Connu pour [\d,]+\s%/);
  // No key of what is not drawn: zones blanches are of cells, lieux come from near.
  await expect(legend(page)).not.toContainText('zone blanche');
  await expect(legend(page).getByText('Lieux, visibles en approchant')).toBeVisible();

  // One variable: its unit, its source, what stands for it, that it is old.
  await turn(page, 'vue=ifn&indice=couverture_4g&par=epci');
  await expect(legend(page).locator('h2')).toHaveText('Couverture mobile 4G – EPCI');
  await expect(legend(page).locator('.legend__unit').first()).toHaveText('km');
  await expect(legend(page)).toContainText('ARCEP');
  await expect(legend(page)).toContainText('Approché par');
  await expect(legend(page).locator('.legend__old')).toContainText('Couverture mobile 4G (2018)');
  await keep(page, 'indice-4g');

  // On paper: the legend, its sources, its edition.
  await turn(page, 'vue=ifn');
  await onPaper(page, async () => {
    await expect(legend(page).locator('.legend__print')).toContainText(/Édition [0-9a-f]{20}/);
    await expect(legend(page)).toContainText(/millésimes/);
    const { png } = await look(page, '.map__paper');
    for (const colour of RAMPS.ifn) expect(count(png, colour), `on paper ${colour}`).toBeGreaterThan(500);
    await keep(page, 'indice-papier', true);
  });
  await expect(page.locator('.map__paper')).toHaveCount(0);
});

test('weights recolour communes within 100 ms, as the server would, and go back', async ({ page }) => {
  await open(page, 'vue=ifn');
  const tiles = () => page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.includes('/tiles/')).length);
  const fetched = await tiles();
  await page.locator('#besoin-poids summary').click();
  const slider = page.locator('#poids-publics');
  await slider.focus();
  for (let press = 0; press < 4; press += 1) await page.keyboard.press('ArrowRight');
  await page.locator('#poids-fibre').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => need(page).get('poids')).toBe('fibre:0,publics:3');
  await settled(page);
  expect(await tiles()).toBe(fetched);
  await expect(page.locator('.besoin__etat')).toContainText('Poids choisis, pas ceux de la feuille de route');
  await expect(legend(page)).toContainText('Poids choisis');
  // The best of several: other tests draw beside.
  const took = await page.evaluate(() => performance.getEntriesByName('recoloration').map(({ duration }) => duration));
  expect(took.length).toBeGreaterThan(2);
  test.info().annotations.push({ type: 'ms', description: took.map((ms) => ms.toFixed(0)).join(' ') });
  expect(Math.min(...took)).toBeLessThan(100);

  const server = (await (await page.request.get('api/v1/ifn?level=commune&weights=fibre:0,publics:3')).json()) as Index;
  await page.locator('#besoin-rangs summary').click();
  await page.locator('.rangs + button').click();
  const rows = await page.locator('.rangs tbody tr').evaluateAll((trs) => trs.map((tr) => [tr.querySelector('button')?.textContent ?? '', tr.querySelector('td')?.textContent ?? '']));
  const ranked = new Map(rows.map(([nom = '', rank = '']) => [nom, Number(rank)]));
  const unique = server.rows.filter(({ nom, rank }) => rank !== undefined && server.rows.filter((row) => row.nom === nom).length === 1);
  expect(unique.length).toBeGreaterThan(600);
  for (const { nom, rank } of unique) expect(ranked.get(nom), nom).toBe(rank);

  // The same link gives the same, and the card and the page of a territoire say so.
  await keep(page, 'indice-poids');
  await page.locator('.rangs tbody button').first().click();
  await expect(page.locator('#details a[href*="weights=fibre:0,publics:3"]')).toBeVisible();
  await page.getByRole('button', { name: 'Remettre les poids d’origine' }).click();
  await expect.poll(() => need(page).get('poids')).toBeNull();
  await expect(page.locator('.besoin__etat')).toBeEmpty();
});

test('need is crossed with income, then with levels of density; what is lacking says what it would change, and where to get it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'vue=ifn&croix=revenu_disponible');
  const people = numbers(await page.locator('.croix td span').allTextContents());
  expect(people).toHaveLength(9);
  const words = await page.locator('.besoin__croix').textContent();
  expect(words).toMatch(/Dans le tiers le plus fragile des deux à la fois/);
  const population = ((await (await page.request.get('api/v1/edition')).json()) as { population: number }).population;
  const unknown = Number(/([\d\s]+)\shabitants? dont l’un ou l’autre est inconnu/.exec(words ?? '')?.[1]?.replace(/\D/g, '') ?? 0);
  expect(people.reduce((sum, n) => sum + n, unknown)).toBe(population);
  await keep(page, 'indice-croix');

  await page.locator('#besoin-croix').selectOption('densite_niveau');
  await settled(page);
  await page.getByLabel('Rural à habitat dispersé').uncheck();
  await settled(page);
  await expect(page.getByLabel('Rural à habitat dispersé')).toBeFocused();
  await expect(page.getByLabel('Rural à habitat dispersé')).not.toBeChecked();
  expect(need(page).get('parmi')).toBe('2,3,4,5,7');
  await expect(page.locator('.besoin__croix')).toContainText(/Sur la carte\s: [\d\s]+habitants de 2\d\d\scommunes/);
  await expect(legend(page)).toContainText('Non montré');
  await keep(page, 'indice-densite');

  await turn(page, 'vue=ifn');
  await page.locator('#besoin-lacunes summary').click();
  const car = page.locator('.lacunes > li', { hasText: 'Ménages sans voiture' });
  await expect(car).toContainText(/Inconnue partout\s: 52\d\s\d{3}\shabitants/);
  await expect(car).toContainText(/Pèse 5,6\s% de l’indice/);
  await expect(car).toContainText('INSEE');
  await car.getByRole('button').click();
  await expect(car.getByRole('status')).toHaveText('Commande copiée.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('maillage import ifn');
  await keep(page, 'indice-lacunes');
});
