import { CLASS_COLOURS } from '../src/shared/palette.ts';
import { expect, find, keep, landed, look, open, settled, test, turn } from './carte.ts';

test('figures are read before the map arrives', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/assets\/view-.*\.js/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('./');
  await expect(page.locator('#phrase strong').first()).toHaveText(/\d\shabitants$/);
  await expect(page.locator('.zone').first()).toBeVisible();
  await expect(page.locator('.legend__entry')).toHaveCount(4);
  await expect(page.locator('#modelise')).toContainText('réseau routier');
  await expect(page.locator('canvas')).toHaveCount(0);
  release();
  await expect(page.locator('canvas')).toHaveCount(1);
});

test('the map has the colours of its legend, sliders recolour it without fetching cells again, and so does the service', async ({ page, watch }) => {
  await open(page);
  await keep(page, 'accueil');
  const before = await look(page);
  expect(before.classes.couverte).toBeGreaterThan(30_000);
  expect(before.classes.grise).toBeGreaterThan(3_000);
  expect(before.classes.blanche).toBeGreaterThan(1_500);
  const far = await page.locator('#phrase strong').first().textContent();
  const tiles = () => watch.requests.filter((address) => address.includes('/tiles/cells/')).length;
  const fetched = tiles();

  await page.locator('#minutes').focus();
  await page.keyboard.press('ArrowLeft');
  await settled(page);
  const nearer = await look(page);
  expect(nearer.classes.blanche).toBeGreaterThan(2 * before.classes.blanche);
  expect(nearer.classes.couverte).toBeLessThan(before.classes.couverte);
  await expect(page.locator('#phrase strong').first()).not.toHaveText(far ?? '');
  await expect(page.locator('#annonce')).toContainText(/n’ont rien à 10\smin en voiture/);
  expect(new URL(page.url()).hash).toContain('t=10');

  await page.locator('#hours').focus();
  await page.keyboard.press('End');
  await settled(page);
  const stricter = await look(page);
  expect(stricter.classes.grise).toBeGreaterThan(2 * nearer.classes.grise);
  expect(Math.abs(stricter.classes.blanche - nearer.classes.blanche)).toBeLessThan(0.02 * nearer.classes.blanche);

  expect(tiles()).toBe(fetched);

  await turn(page, '');
  await page.locator('#service').selectOption('maitrise-outils');
  await settled(page);
  await expect(page.locator('#phrase')).toContainText('Maîtrise des outils numériques du quotidien');
  expect((await look(page)).classes.blanche).toBeGreaterThan(before.classes.blanche);

  await turn(page, 't=60');
  await expect(page.locator('#zones')).toContainText('Aucune zone blanche avec ces critères.');
  await expect(page.locator('#phrase')).toContainText(/Tous ont un lieu connu à 60\smin en voiture|lieu connu à 60\smin/);
});

test('every view has its colours and counts everybody', async ({ page }) => {
  await open(page);
  const population = (await (await page.request.get('api/v1/edition')).json()).population as number;
  for (const vue of ['temps', 'heures', 'ifn', 'agir']) {
    await page.locator(`input[name="vue"][value="${vue}"]`).check({ force: true });
    await settled(page);
    const { classes } = await look(page);
    expect(classes.blanche, vue).toBeLessThan(1_000);
    const people = await page.locator('.legend__people').allTextContents();
    const total = people.reduce((sum, text) => sum + Number(text.replace(/\D/g, '')), 0);
    expect(total, vue).toBe(population);
    await keep(page, `vue-${vue}`);
  }
});

test('choosing a zone blanche takes the map there, in flight', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await open(page);
  const zone = page.locator('.zone').first();
  const name = await zone.locator('.zone__name').textContent();
  await zone.click();
  await landed(page);
  await expect(page.locator('#details h2')).toHaveText(name ?? '');
  await expect(page.locator('#details')).toContainText('Zone blanche n° 1');
  await expect(page.locator('#details .card__foot')).toContainText('Édition');
  await expect(zone).toHaveAttribute('aria-current', 'true');
  const hash = new URLSearchParams(new URL(page.url()).hash.slice(1));
  expect(Number(hash.get('pos')?.split('/')[0])).toBeGreaterThan(9.5);
  // The zone fills the free middle of the map.
  const { png } = await look(page);
  find(png, CLASS_COLOURS.blanche, 8);
  await keep(page, 'zone-blanche');
});

test('a click on a cell tells its figures, Escape goes back, and a lieu tells its hours', async ({ page }) => {
  await open(page, 'pos=11.5/49.19/3.51');
  const { png } = await look(page);
  const patch = find(png, CLASS_COLOURS.grise, 12);
  await page.locator('.stage__map').click({ position: patch });
  const card = page.locator('#details');
  await expect(card).toContainText('Maille habitée');
  await expect(card).toContainText('Classe : grise');
  await expect(card).toContainText(/Temps jusqu’au lieu le plus proche\s*[\d,]+\smin/);
  await expect(card.locator('h2')).toBeFocused();
  // How far care is: what is known, from where, and what no data tell.
  const places = card.locator('.card__places');
  await expect(places.getByRole('heading')).toHaveText('Soins et services publics, en voiture');
  const place = (name: string) => places.locator('.facts > div', { hasText: name });
  await expect(place('Urgences')).toContainText(/[\d,]+\smin/);
  await expect(place('Urgences')).toContainText('placé à sa commune');
  await expect(place('Urgences')).toContainText(/source\s: DREES.*2023$/);
  await expect(place('Services publics')).toContainText(/[\d,]+\smin/);
  for (const name of ['Médecin généraliste', 'Médecin spécialiste']) await expect(place(name).locator('dd')).toHaveText('inconnu');
  await expect(places).toContainText('aucun jeu de données de cette édition ne dit où ils sont');
  await places.scrollIntoViewIfNeeded();
  await keep(page, 'maille');
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
  expect(page.url()).not.toContain('maille=');

  // A lieu tells its hours, from its link and from a click.
  const lieux = (await (await page.request.get('api/v1/lieux')).json()).features as {
    properties: { id: string; nom: string; commune: string };
  }[];
  const lieu = lieux.find(({ properties }) => properties.commune === 'Fère-en-Tardenois' && /France services/i.test(properties.nom));
  await turn(page, `lieu=${lieu?.properties.id}`);
  await expect(page.locator('#details h2')).toHaveText(lieu?.properties.nom ?? '');
  await expect(page.locator('#details')).toContainText('Horaires');
  await landed(page);
  await page.keyboard.press('Escape');
  await expect(page.locator('#details')).toBeHidden();
  // The map now has the lieu in its middle.
  const box = await page.locator('.stage__map').boundingBox();
  if (!box) throw new Error('the map has no box');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.locator('#details')).toContainText(/Lieu (fixe|itinérant)/);
});

test('a link opens what it was copied from', async ({ page }) => {
  const fragment = 'service=acces-internet&mode=bike&t=30&h=5&vue=temps&niveau=secteur&tableau=1&territoire=epci:200072031&pos=9.60/49.1000/3.4000';
  await open(page, fragment);
  await expect(page.locator('#service')).toHaveValue('acces-internet');
  await expect(page.locator('input[name="mode"][value="bike"]')).toBeChecked();
  await expect(page.locator('#minutes')).toHaveValue('30');
  await expect(page.locator('#hours')).toHaveValue('5');
  await expect(page.locator('#minutes-valeur')).toHaveText('30 minutes');
  await expect(page.locator('input[name="vue"][value="temps"]')).toBeChecked();
  await expect(page.locator('#tableau-corps')).toContainText('Fère-en-Tardenois');
  await expect(page.locator('#details h2')).toHaveText('CA de la Région de Château-Thierry');
  await expect(page.locator('#phrase')).toContainText('à vélo');
  expect(new URL(page.url()).hash).toBe(`#${fragment}`);
  await keep(page, 'lien');
});

test('a failure is told in the words of the server, and can be tried again', async ({ page, watch }) => {
  watch.expected.push(/503/);
  await page.route('**/api/v1/zones-blanches?*', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status: 503, detail: 'Les zones ne sont pas prêtes.', id: 'r-42' }),
    }),
  );
  await page.goto('./');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('Les zones ne sont pas prêtes.');
  await expect(alert).toContainText('r-42');
  await page.unroute('**/api/v1/zones-blanches?*');
  await alert.getByRole('button', { name: 'Réessayer' }).click();
  await expect(page.locator('.zone').first()).toBeVisible();
  await expect(alert).toBeHidden();
});

test('a new edition is told, and never mixed with the old one', async ({ page }) => {
  await open(page);
  await page.route('**/api/v1/gaps?*', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'x-maillage-edition': 'autre' } });
  });
  await page.locator('#minutes').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('alert')).toContainText('Une nouvelle édition');
  await expect(page.getByRole('button', { name: 'Recharger la page' })).toBeVisible();
});

/** The département at zoom 8, in the middle of the screen. */
const ZOOM_8 = 'pos=8.30/49.4600/3.6000';

for (const [view, fragment, zoom] of [['the first view', '', 7], ['zoom 8', ZOOM_8, 8]] as const) {
  test(`scripts and tiles of ${view} stay within their budget`, async ({ page, watch }) => {
    await open(page, fragment);
    const kilobytes = new Map<string, number>();
    for (const address of new Set(watch.requests.filter((request) => /\.(?:js|mvt)(?:\?|$)/.test(request)))) {
      const response = await page.request.get(address, { headers: { 'accept-encoding': 'gzip' } });
      const { 'content-encoding': coding, 'content-length': length = '0' } = response.headers();
      if (address.endsWith('.js')) expect(coding, address).toBe('gzip');
      kilobytes.set(new URL(address).pathname.replace('/assets/', ''), Number(length) / 1000);
    }
    const all = (pattern: RegExp) => [...kilobytes].filter(([name]) => pattern.test(name));
    const sum = (pattern: RegExp) => all(pattern).reduce((total, [, size]) => total + size, 0);
    console.log([...kilobytes].map(([name, size]) => `${name} ${size.toFixed(1)} kB`).join(', '), `; ${all(/mvt$/).length} tiles, ${sum(/mvt$/).toFixed(1)} kB`);
    expect(all(/^(?:archive|mode|moment)-/)).toEqual([]); // what is for later, or for elsewhere, waits
    expect(sum(/js$/)).toBeLessThan(520);
    expect(sum(/^(?!maplibre).*js$/)).toBeLessThan(70);
    for (const layer of ['cells', 'epci', 'roads', 'lieux']) expect(all(new RegExp(`^/tiles/${layer}/${zoom}/`)).length, layer).toBeGreaterThan(0);
    expect(sum(/mvt$/)).toBeLessThan(400);
  });
}

test('the card of a territoire tells what makes its index, and leads to its page', async ({ page }) => {
  await open(page, 'territoire=epci:240200634');
  const section = page.locator('#details .fragilite');
  await section.locator('summary').click();
  await expect(section).toContainText(/Rang 1 (à \d+ )?sur 19 \(1 = le plus fragile\) dans neuf pondérations sur dix/);
  await expect(section.locator('tbody')).toHaveCount(2);
  const adds = await section.locator('tbody td').allTextContents();
  const total = adds.reduce((sum, text) => sum + Number(text.replace(',', '.')), 0);
  const caption = (await section.locator('caption').textContent()) ?? '';
  const score = Number(/([\d,]+) sur 10/.exec(caption)?.[1]?.replace(',', '.'));
  await expect(page.locator('#details .facts')).toContainText(`${score.toLocaleString('fr-FR', { minimumFractionDigits: 1 })} sur 10`); // one rounding for both
  // Shares are rounded to hundredths, their sum to a tenth.
  expect(Math.abs(total - score)).toBeLessThanOrEqual(0.05 + 0.005 * adds.length + 1e-9);
  await expect(section).toContainText('Inconnu (6 variables sur 14)');
  await section.scrollIntoViewIfNeeded();
  await keep(page, 'indice');
  const file = page.waitForEvent('download');
  await section.getByRole('link', { name: 'tableur' }).click();
  expect((await file).suggestedFilename()).toMatch(/^ifn-.*\.xlsx$/);

  await page.locator('#details').getByRole('link', { name: 'Sa page' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('CC des Portes de la Thiérache');
  await expect(page.locator('table').first()).toContainText('Blanche');
  await keep(page, 'page');
  await page.getByRole('link', { name: 'Voir sur la carte' }).click();
  await expect(page.locator('#details h2')).toHaveText('CC des Portes de la Thiérache');
});
