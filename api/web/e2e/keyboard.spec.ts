import { expect, keep, landed, open, settled, tabTo, test } from './carte.ts';

test('from the top of the page to a zone and back, by keyboard alone', async ({ page }) => {
  await open(page);
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveText('Aller aux réglages');
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveText('Aller aux zones blanches');
  await keep(page, 'lien-evitement');
  await page.keyboard.press('Enter');
  await expect(page.locator('#zones')).toBeFocused();
  await page.keyboard.press('Tab');
  const zone = page.locator('.zone').first();
  await expect(zone).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#details h2')).toBeFocused();
  await landed(page);
  await page.keyboard.press('Escape');
  await expect(page.locator('#details')).toBeHidden();
  await expect(zone).toBeFocused();
});

test('every question is answered by keyboard', async ({ page }) => {
  await open(page);
  await tabTo(page, page.locator('#service'));
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('#service')).toHaveValue('aide-demarches');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('input[name="mode"][value="bike"]')).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('#minutes')).toHaveAttribute('aria-valuetext', /^20\sminutes$/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Home');
  await expect(page.locator('#hours')).toHaveAttribute('aria-valuetext', 'au moins 0,0 heures par semaine');
  await settled(page);
  expect(new URL(page.url()).hash).toBe('#service=aide-demarches&mode=bike&t=20&h=0');
  await expect(page.locator('#annonce')).toContainText('à vélo');
});

test('the map is read from its middle', async ({ page }) => {
  await open(page, 'pos=11.00/49.5640/3.6200');
  await tabTo(page, page.locator('canvas'));
  await keep(page, 'carte-clavier');
  await page.keyboard.press('Enter');
  await expect(page.locator('#details h2')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('canvas')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await landed(page);
  expect(page.url()).not.toContain('49.5640');
});

test('the table is opened, sorted, filtered and followed by keyboard', async ({ page }) => {
  await open(page);
  await tabTo(page, page.getByRole('link', { name: 'Aller au tableau' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('#tableau')).toBeFocused();
  await expect(page.locator('#tableau-corps tbody tr')).toHaveCount(20);

  await tabTo(page, page.locator('[data-sort="population"]'));
  await page.keyboard.press('Enter');
  await expect(page.locator('th.table__population')).toHaveAttribute('aria-sort', 'descending');
  await expect(page.locator('[data-sort="population"]')).toBeFocused();
  const people = await page.locator('td.table__population').allTextContents();
  const counts = people.map((text) => Number(text.replace(/\D/g, '')));
  expect(counts).toEqual([...counts].sort((a, b) => b - a));

  await tabTo(page, page.locator('#tableau-corps tbody button').first());
  await page.keyboard.press('Enter');
  await expect(page.locator('#details')).toContainText('Intercommunalité');
  await landed(page);
  const link = page.getByRole('button', { name: 'Voir ses communes dans le tableau' });
  await tabTo(page, link);
  await page.keyboard.press('Enter');
  await expect(page.locator('input[name="niveau"][value="commune"]')).toBeChecked();
  await expect(page.locator('#tableau-dans')).toBeVisible();
  await expect.poll(() => page.locator('#tableau-corps tbody tr').count()).toBeLessThan(120);

  await page.locator('#tableau-dans').click();
  await expect(page.locator('#tableau-etat')).toHaveText(/798 territoires/);
  await page.locator('#filtre').fill('fere en');
  await expect(page.locator('#tableau-corps tbody tr')).toHaveCount(1);
  await expect(page.locator('#tableau-corps')).toContainText('Fère-en-Tardenois');

  // The classes of every row add up to its people.
  await page.locator('#filtre').fill('');
  await expect(page.locator('#tableau-corps tbody tr')).toHaveCount(798);
  const wrong = await page.locator('#tableau-corps tbody tr').evaluateAll((rows) =>
    rows
      .map((row) => {
        const figure = (key: string) => Number(row.querySelector(`.table__${key}`)?.firstChild?.textContent?.replace(/\D/g, ''));
        const sum = ['blanche', 'grise', 'inconnue', 'couverte'].reduce((total, key) => total + figure(key), 0);
        return sum === figure('population') ? '' : (row.textContent ?? '?');
      })
      .filter(Boolean),
  );
  expect(wrong).toEqual([]);
});
