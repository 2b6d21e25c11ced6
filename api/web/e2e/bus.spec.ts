/** The map by bus: its thresholds, its dates, and who finds no hour. */
import { expect, keep, look, open, settled, test, turn, violations } from './carte.ts';

test('choosing the bus moves the thresholds and says the dates, and leaving it moves these back', async ({ page }) => {
  await open(page);
  const before = await look(page);
  await page.getByRole('radio', { name: 'En bus ou car' }).check({ force: true });
  await settled(page);
  await expect(page.locator('#minutes')).toHaveValue('45');
  await expect(page.locator('#hours')).toHaveValue('3.5');
  expect(new URL(page.url()).hash).toBe('#mode=transit');
  await expect(page.locator('#phrase')).toContainText(/n’ont rien à 45\smin en bus ou car/);
  await expect(page.locator('#horaires')).toContainText(/Horaires du \d+(er)? \S+ \d{4} au \d+(er)? \S+ \d{4}\./);
  await expect(page.locator('#carte-horaires')).toBeVisible();
  await expect(page.locator('#modelise')).toContainText('horaires');
  await expect(page.locator('#legende')).toContainText('rentrer');
  await expect(page.locator('#legende')).toContainText('ouvert quand aucun car ne le permet');
  const by = await look(page);
  expect(by.classes.blanche).toBeGreaterThan(5 * before.classes.blanche);
  await keep(page, 'bus');
  expect(await violations(page)).toEqual([]);

  await page.locator('#horaires summary').click();
  await expect(page.locator('#horaires li').first()).toBeVisible();
  await page.locator('#minutes').focus();
  await page.keyboard.press('ArrowRight');
  await settled(page);
  expect(new URL(page.url()).hash).toBe('#mode=transit&t=50');

  await page.getByRole('radio', { name: 'En voiture' }).check({ force: true });
  await settled(page);
  await expect(page.locator('#minutes')).toHaveValue('15');
  await expect(page.locator('#hours')).toHaveValue('17.5');
  await expect(page.locator('#horaires')).toBeHidden();
  expect(new URL(page.url()).hash).toBe('');
});

test('an hour of the week is of four dates, and its legend says that one comes home', async ({ page }) => {
  await open(page, 'mode=transit&vue=moment&quand=3T14:00');
  await expect(page.locator('#quand-phrase')).toContainText('en revenir');
  await expect(page.locator('#quand-phrase')).toContainText(/Dates prises\s: (\d+(er)? \S+ \d{4} \([^)]*\)(, | et )?){4}\./);
  await expect(page.locator('#legende')).toContainText('Fermé, ou aucun bus ne le permet');
});

test('times by bus are those of the cut-off that is asked', async ({ page, watch }) => {
  await open(page, 'mode=transit&vue=temps');
  const asked = () => watch.requests.filter((address) => address.includes('mesure=minutes') && address.includes('cutoff='));
  expect(asked().at(-1)).toContain('cutoff=45');
  await expect(page.locator('#legende')).toContainText('attente devant une porte fermée');
  await turn(page, 'mode=transit&vue=temps&t=20');
  expect(asked().at(-1)).toContain('cutoff=20');
});

test('in English too', async ({ page }) => {
  await page.goto('./en.html#mode=transit');
  await expect(page.locator('#horaires')).toContainText(/Timetables from .* to .*\./);
  await expect(page.locator('#legende')).toContainText('come home');
});
