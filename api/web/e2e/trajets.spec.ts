import type { Page } from '@playwright/test';
import { expect, keep, open, settled, test } from './carte.ts';

const BY_BUS = 'mode=transit&t=45&h=3.5';

/** A fine cell whose people gain hours by bus, with a visit to tell of. */
async function rowByBus(page: Page): Promise<number> {
  const column = async (query: string, width: 2 | 4) => {
    const bytes = await (await page.request.get(`./api/v1/acces?${query}`)).body();
    const copy = new Uint8Array(bytes).buffer;
    return width === 2 ? new Uint16Array(copy) : new Uint32Array(copy);
  };
  const [byBus, onFoot, people] = await Promise.all([
    column('mesure=heures&mode=transit&cutoff=45', 2),
    column('mesure=heures&mode=walk&cutoff=45', 2),
    column('mesure=personnes', 4),
  ]);
  const { cells } = (await (await page.request.get('./api/v1/edition')).json()) as { cells: { first: number }[] };
  const first = cells.at(-1)?.first ?? 0;
  let best = -1;
  for (let row = first; row < byBus.length; row++) {
    const gains = byBus[row] !== 65535 && byBus[row]! > 0 && (onFoot[row] === 65535 || onFoot[row] === 0);
    if (gains && (best < 0 || people[row]! > people[best]!)) best = row;
  }
  expect(best).toBeGreaterThan(0);
  return best;
}

test('the card of a cell tells the way there and back, every departure of the week behind it', async ({ page }) => {
  await page.goto('./');
  const row = await rowByBus(page);
  await open(page, `${BY_BUS}&maille=${row}`);
  const trips = page.locator('#details .trips');
  await expect(trips).toContainText('Y aller en bus ou en car, et en revenir');
  await expect(trips.locator('.trips__first').first()).toContainText(/(lundi|mardi|mercredi|jeudi|vendredi|samedi).*\sh\s.*\s;\sretour\s: /i);
  await expect(trips).toContainText('Réseau modélisé');
  const week = trips.locator('.trips__week').first();
  if ((await week.count()) > 0) {
    await week.locator('summary').click();
    await expect(week.locator('tbody tr td').first()).toBeVisible();
  }
  await keep(page, 'trajets-maille');
  await page.locator('#details').evaluate((card) => card.querySelector('.trips')?.scrollIntoView());
  await keep(page, 'trajets-maille-tableau');
});

test('lines and stops are there by bus alone, while they are wanted', async ({ page }) => {
  await open(page, `${BY_BUS}&pos=11.00/49.5600/3.6200`);
  const button = page.getByRole('button', { name: 'Lignes de bus' });
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await keep(page, 'lignes');
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await page.evaluate(() => (location.hash = 'pos=11.00/49.5600/3.6200'));
  await settled(page);
  await expect(button).toBeHidden();
});
