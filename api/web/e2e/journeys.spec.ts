/** What people come for, from the home page, at both sizes. */
import { expect, keep, landed, open, settled, test } from './carte.ts';

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

test('a lieu is found by its address, an unknown name is told, and Escape lets go', async ({ page }) => {
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

test('the page of an EPCI is printed on two sheets', async ({ page }) => {
  await page.goto('./territoires/epci:200072031');
  const pdf = await page.pdf({ preferCSSPageSize: true, path: `test-artifacts/epci-${page.viewportSize()?.width}.pdf` });
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
});
