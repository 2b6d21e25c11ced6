/** What people come for, from the home page, at both sizes. */
import { count, expect, FERE, keep, landed, look, open, scenarioOf, settled, simulated, tabTo, test, violations } from './carte.ts';
import { MOMENT_COLOURS } from '../src/shared/palette.ts';

test('Fère-en-Tardenois is seen to be under-served in three actions', async ({ page }) => {
  await open(page);
  const field = page.getByRole('combobox', { name: /Chercher/ });
  await field.click(); // 1
  await field.pressSequentially('fere en'); // 2
  await expect(page.locator('#recherche-liste').getByRole('option').first()).toContainText('Fère-en-Tardenois');
  await keep(page, `recherche-${page.viewportSize()?.width}`);
  await page.keyboard.press('Enter'); // 3
  const card = page.locator('#details');
  await expect(card.getByRole('heading', { level: 2 })).toHaveText('Fère-en-Tardenois');
  await landed(page);
  await expect(card.locator('.card__classes')).toContainText('Grise');
  await expect(card).toBeInViewport();
  await keep(page, `fere-${page.viewportSize()?.width}`);
});

test('a lieu is found by its address, an unknown name is told, and Escape lets go', { tag: '@bureau' }, async ({ page }) => {
  await open(page);
  const field = page.getByRole('combobox', { name: /Chercher/ });
  await field.fill('zzzz');
  await expect(page.locator('#recherche-liste').getByRole('option')).toHaveText('Rien de ce nom dans cette édition');
  await expect(page.locator('#annonce')).toHaveText('Aucun résultat');
  await field.press('Escape');
  await expect(field).toHaveAttribute('aria-expanded', 'false');
  const [lieu] = (await (await page.request.get('./api/v1/lieux')).json()).features as { properties: { id: string; nom: string; adresse: string } }[];
  await field.fill(lieu?.properties.adresse ?? '');
  await page.locator('#recherche-liste').getByRole('option').filter({ hasText: lieu?.properties.nom ?? '' }).first().click();
  await expect(page.locator('#details h2')).toHaveText(lieu?.properties.nom ?? '');
  await settled(page);
});

test('a canton is found by its name, has its card and its page, and its row among cantons', async ({ page }) => {
  await open(page, 'tableau=1');
  const field = page.getByRole('combobox', { name: /Chercher/ });
  await field.fill('essomes');
  await page.locator('#recherche-liste').getByRole('option').filter({ hasText: 'Canton' }).click();
  const card = page.locator('#details');
  await expect(card.getByRole('heading', { level: 2 })).toHaveText('Essômes-sur-Marne');
  await expect(card).toContainText('Canton');
  await expect(card.getByRole('link', { name: 'Page' })).toHaveAttribute('href', './territoires/canton:0204');
  await expect(page).toHaveURL(/territoire=canton:0204/);
  await settled(page);
  await page.keyboard.press('Escape');
  const cantons = page.getByRole('radio', { name: 'Cantons' });
  await cantons.check();
  await expect(page).toHaveURL(/niveau=canton/);
  await expect(page.locator('#tableau-corps caption')).toContainText('Cantons');
  await expect(page.locator('#tableau-corps tbody tr')).toHaveCount(24);
  await expect(page.locator('tr[data-territoire="canton:0204"]')).toContainText('Essômes-sur-Marne');
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await cantons.scrollIntoViewIfNeeded();
  expect(await violations(page)).toEqual([]);
  await keep(page, `cantons-${page.viewportSize()?.width}`);
  await page.reload();
  await expect(cantons).toBeChecked();
});

test('the page of an EPCI is printed on two sheets', { tag: '@bureau' }, async ({ page }) => {
  await page.goto('./territoires/epci:200072031');
  const pdf = await page.pdf({ preferCSSPageSize: true, path: `test-artifacts/epci-${page.viewportSize()?.width}.pdf` });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
  // At the width of the sheet between its margins, no table is cut.
  await page.setViewportSize({ width: 703, height: 1000 });
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.scroll').evaluateAll((nodes) => nodes.filter((node) => node.scrollWidth > node.clientWidth + 1).map((node) => node.getAttribute('aria-label')))).toEqual([]);
});

test('the page speaks English, with the same figures', { tag: '@téléphone' }, async ({ page }) => {
  await page.goto('./en.html#t=20');
  await expect(page.locator('#map-etat')).toHaveCount(0, { timeout: 90_000 });
  await settled(page);
  await expect(page.locator('.headline__main').first()).toContainText(/ha(s|ve) nothing within 20\smin by car/);
  await expect(page.getByRole('button', { name: 'Try a change' })).toBeVisible();
  await keep(page, `english-${page.viewportSize()?.width}`);
  const figure = (await page.locator('.headline__main strong').first().textContent())?.replace(/\D/g, '');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Français' }).click();
  await expect(page.locator('.headline__main').first()).toContainText(/rien à 20\smin en voiture/);
  expect((await page.locator('.headline__main strong').first().textContent())?.replace(/\D/g, '')).toBe(figure);
  await expect(page).toHaveURL(/\/#t=20$/);
});

test('who can reach an open lieu on a Wednesday afternoon, and on a Sunday', async ({ page }) => {
  await open(page);
  await page.getByRole('radio', { name: 'À telle heure' }).check();
  const sentence = page.locator('#quand-phrase');
  await expect(sentence).toContainText('Le mercredi à 17\u00a0h\u00a030');
  await settled(page);
  const { png } = await look(page);
  expect(count(png, MOMENT_COLOURS.ouvert)).toBeGreaterThan(5000);
  expect(count(png, MOMENT_COLOURS.ferme)).toBeGreaterThan(1000);
  await page.locator('#quand').scrollIntoViewIfNeeded();
  await keep(page, `moment-${page.viewportSize()?.width}`);
  const wednesday = await sentence.textContent();
  await page.getByLabel('Jour', { exact: true }).selectOption('dimanche');
  await expect(sentence).not.toHaveText(wednesday ?? '');
  await expect(page).toHaveURL(/vue=moment&quand=7T17:30/);
  await page.locator('.week__cell').nth(2 * 26 + 6).click(); // Wednesday, 10 h
  await expect(page).toHaveURL(/quand=3T10:00/);
  await settled(page);

  // The card of a lieu says when it is open, and whether it is at this moment; it follows the hour.
  const field = page.getByRole('combobox', { name: /Chercher/ });
  await field.fill('Tiers Lieu Numérique de Dizy-le-Gros');
  await page.locator('#recherche-liste').getByRole('option').first().click();
  const card = page.locator('#details');
  await expect(card.locator('.card__class')).toHaveText('Le mercredi à 10\u00a0h\u00a0: fermé');
  await expect(card.getByRole('listitem').filter({ hasText: 'mercredi' })).toHaveText('mercredi13\u00a0h\u00a0à\u00a017\u00a0h\u00a030');
  await page.getByLabel('Heure', { exact: true }).selectOption({ label: '14\u00a0h' });
  await expect(card.locator('.card__class')).toHaveText('Le mercredi à 14\u00a0h\u00a0: ouvert');
  await settled(page);
  await card.scrollIntoViewIfNeeded();
  await keep(page, `moment-lieu-${page.viewportSize()?.width}`);
  expect(await violations(page)).toEqual([]);

  // That of a cell names who is open first, with the people who reach it.
  const cellAt = async (row: number) => (await page.request.get(`./api/v1/acces/${row}?moment=3T14:00`)).json();
  let row = 60_000;
  let cell = await cellAt(row);
  while (cell.moment.people.ouvert === 0) cell = await cellAt((row += 17));
  await page.goto(`./#vue=moment&quand=3T14:00&maille=${row}`);
  await expect(card.getByRole('heading', { name: 'Le mercredi à 14\u00a0h, à portée' })).toBeVisible();
  await expect(card.getByRole('listitem').filter({ hasText: cell.lieux[0].nom }).first()).toContainText('ouvert · ');
  await expect(card.locator('.card__classes')).toContainText(`Ouvert${cell.moment.people.ouvert}`);
  await settled(page);
  await keep(page, `moment-maille-${page.viewportSize()?.width}`);
});

test('a lieu is simulated by keyboard alone: open, place, choose hours, undo', { tag: '@bureau' }, async ({ page }) => {
  await open(page, FERE);
  await tabTo(page, page.locator('#simuler-bouton'));
  await page.keyboard.press('Enter');
  await expect(page.locator('#simuler h2')).toBeFocused();
  await tabTo(page, page.locator('[data-tool="ouvrir"]'));
  await page.keyboard.press('Enter');
  await expect(page.locator('#simuler h2')).toHaveText('Ouvrir un lieu');
  await tabTo(page, page.getByRole('button', { name: 'Aller à la carte' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('canvas')).toBeFocused();
  await page.keyboard.press('Enter');
  await simulated(page);
  await expect(page.locator('#annonce')).toContainText('habitants');
  await expect(page.locator('.mark--new')).toHaveCount(1);
  const placed = scenarioOf(page);
  await tabTo(page, page.locator('.mark--new'));
  await page.keyboard.press('Shift+ArrowRight');
  await simulated(page);
  expect(scenarioOf(page)).not.toBe(placed);
  await page.keyboard.press('Control+z');
  await simulated(page);
  expect(scenarioOf(page)).toBe(placed);
  await tabTo(page, page.locator('.actions li button').first());
  await page.keyboard.press('Enter');
  await tabTo(page, page.locator('input[name="heures-lieu"]:checked'));
  await page.keyboard.press('ArrowDown');
  await simulated(page);
  expect(scenarioOf(page)).not.toBe(placed);
});
