import { CLASS_COLOURS, DIFFERENCE_COLOURS } from '../src/shared/palette.ts';
import { count, expect, FERE, find, keep, landed, look, newToken, open, scenarioOf, settled, simulated, test, violations } from './carte.ts';
import { blank, sketched, start, use } from './simulation.ts';

test('a lieu is placed, what it changes is read and seen, and a curtain shows before and after', async ({ page, watch }) => {
  await open(page, FERE);
  // The mode comes with its button, not with the page.
  expect(watch.requests.filter((address) => /mode-.*\.(js|css)$/.test(address))).toEqual([]);
  await page.locator('#simuler-bouton').click();
  await expect(page.locator('#simuler h2')).toBeVisible();
  await settled(page);
  await keep(page, 'simuler-menu');
  const before = await look(page);
  const tiles = () => watch.requests.filter((address) => address.includes('/tiles/cells/')).length;
  const fetched = tiles();
  await use(page, 'Ouvrir un lieu');
  const at = find(before.png, CLASS_COLOURS.blanche, 14);
  await page.locator('.stage__map').click({ position: at });
  await simulated(page);
  await expect(page.locator('.bilan__gain').first()).toContainText(/\+[\d\s]+\shabitants? couverts?/);
  await expect(page.locator('.bilan')).toContainText(/à 15\smin au plus en voiture/);
  await page.locator('.simuler__bilan summary', { hasText: 'Territoires' }).click();
  await expect(page.locator('.changes tbody tr').first()).toBeVisible();
  await expect(page.locator('#annonce')).toContainText('couverts');
  const after = await look(page);
  expect(after.classes.blanche).toBeLessThan(before.classes.blanche - 1_000);
  await keep(page, 'simuler');
  // The figures and the map speak of the same simulation.
  const body = await page.evaluate(async (essai) => {
    const text = atob(essai.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  }, scenarioOf(page) ?? '');
  const answer = await (await page.request.post('api/v1/simulation?service=tous&mode=car&cutoff=15&min_hours=17.5', { data: JSON.parse(body) })).json();
  const covered = answer.transitions.reduce((sum: number, one: { from: string; to: string; people: number }) => sum + (one.to === 'couverte' && one.from !== 'couverte' ? one.people : 0), 0);
  const said = (await page.locator('.bilan__gain b').first().textContent()) ?? '';
  expect(Number(said.replace(/\D/g, ''))).toBe(covered);

  await page.locator('input[name="calque"][value="avant"]').check({ force: true });
  await settled(page);
  const again = await look(page);
  // The panel, now that it has figures, hides more of the map.
  expect(Math.abs(again.classes.blanche - before.classes.blanche)).toBeLessThan(0.35 * before.classes.blanche);
  await page.locator('input[name="calque"][value="difference"]').check({ force: true });
  await settled(page);
  const difference = await look(page);
  expect(count(difference.png, DIFFERENCE_COLOURS.gagne)).toBeGreaterThan(1_000);
  await keep(page, 'simuler-difference');
  expect(tiles()).toBe(fetched);

  // A curtain shows before on its left and after on its right.
  await page.getByRole('radio', { name: 'Rideau' }).check();
  const slider = page.getByRole('slider', { name: 'Rideau' });
  await slider.fill('100');
  await expect.poll(() => sketched(page)).toBeGreaterThan(1000);
  const all = (await sketched(page)) ?? 0;
  await slider.fill('40');
  await expect.poll(async () => (await sketched(page)) ?? 0).toBeLessThan(all * 0.9);
  expect(await sketched(page)).toBeGreaterThan(all * 0.1);
  await keep(page, 'simuler-rideau');
  // It comes back where the view rests, and goes with the choice.
  await page.getByRole('button', { name: 'Dézoomer' }).click();
  await settled(page);
  await expect.poll(() => sketched(page)).toBeGreaterThan(50);
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuetext', /0\u00a0%/);
  await expect.poll(async () => (await sketched(page)) ?? 0).toBeLessThan(50);
  await page.getByRole('radio', { name: 'Après' }).check();
  await expect.poll(() => sketched(page)).toBeUndefined();
  await expect(slider).toBeHidden();

  await page.getByRole('button', { name: 'Quitter la simulation' }).click();
  await settled(page);
  expect(page.url()).not.toContain('essai');
  await expect(page.locator('#legende')).toBeVisible();
});

test('a lieu is closed, another moved, and each step is undone', async ({ page }) => {
  await start(page);
  await use(page, 'Fermer un lieu');
  await page.getByLabel('Nom ou commune').fill('fere en tardenois france');
  await page.locator('.lieu-choice').first().click();
  await simulated(page);
  await expect(page.locator('.bilan__perte').first()).toBeVisible();
  await expect(page.locator('.actions li')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await use(page, 'Déplacer un lieu');
  await page.getByLabel('Nom ou commune').fill('hirson');
  await page.locator('.lieu-choice').first().click();
  await page.getByRole('button', { name: 'Placer au centre de la carte' }).click();
  await simulated(page);
  await expect(page.locator('.actions li')).toHaveCount(2);
  await keep(page, 'simuler-deplacer');
  await page.locator('.actions__undo').click();
  await page.locator('.actions__undo').click();
  await simulated(page);
  await expect(page.locator('.actions li')).toHaveCount(1);
  await page.getByRole('button', { name: /^Retirer : Fermer/ }).click();
  await simulated(page);
  await expect(page.locator('.actions li')).toHaveCount(0);
  await expect(page.locator('.simuler__bilan')).toContainText('Rien n’est encore changé');
  await page.keyboard.press('Control+z');
  await simulated(page);
  await expect(page.locator('.bilan__perte').first()).toBeVisible();
});

test('a lieu is closed by a click on it, and anything else is let be', async ({ page }) => {
  await open(page, 'pos=12.5/49.1935/3.5165');
  const lieux = (await (await page.request.get('api/v1/lieux')).json()).features as {
    geometry: { coordinates: [number, number] };
    properties: { nom: string; commune: string };
  }[];
  const lieu = lieux.find(({ properties }) => properties.commune === 'Fère-en-Tardenois' && /France services/i.test(properties.nom));
  const [lon = 0, lat = 0] = lieu?.geometry.coordinates ?? [];
  await start(page, `pos=12.50/${lat.toFixed(4)}/${lon.toFixed(4)}`);
  await use(page, 'Fermer un lieu');
  const box = await page.locator('.stage__map').boundingBox();
  if (!box) throw new Error('the map has no box');
  await page.mouse.click(box.x + 60, box.y + 60);
  await settled(page);
  await expect(page.locator('#details')).toBeHidden();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await simulated(page);
  await expect(page.locator('.actions li').first()).toContainText(`Fermer ${lieu?.properties.nom}`);
  await expect(page.locator('.mark--closed')).toHaveCount(1);
  await expect(page.locator('.bilan__perte').first()).toBeVisible();
  await keep(page, 'simuler-fermer');
});

test('hours of one’s own are read by the server, which says what is wrong', async ({ page, watch }) => {
  watch.expected.push(/400|422/);
  await start(page);
  await use(page, 'Changer des horaires');
  await page.getByLabel('Nom ou commune').fill('fere en tardenois france');
  await page.locator('.lieu-choice').first().click();
  await page.getByRole('radio', { name: /^35 h/ }).check();
  await simulated(page);
  await expect(page.locator('.bilan__gain').first()).toContainText('habitants');
  await page.getByRole('radio', { name: 'D’autres horaires' }).check();
  await page.getByLabel('Horaires, à la manière d’OpenStreetMap').fill('lundi matin');
  await page.getByRole('button', { name: 'Appliquer' }).click();
  await expect(page.locator('.field--own .tool__fault')).toContainText('lundi matin');
  await keep(page, 'simuler-horaires');
  await page.getByLabel('Horaires, à la manière d’OpenStreetMap').fill('Mo-Sa 09:00-12:00');
  await page.keyboard.press('Enter');
  await simulated(page);
  await expect(page.locator('.tool__fault').first()).toBeEmpty();
  await expect(page.locator('.bilan')).toBeVisible();
});

test('a tour is drawn stop by stop', async ({ page }) => {
  await start(page, FERE);
  await use(page, 'Tracer une tournée de bus');
  for (const [x, y] of [[420, 300], [500, 340], [540, 420]] as const) await page.locator('.stage__map').click({ position: { x, y } });
  await simulated(page);
  await expect(page.locator('.stop')).toHaveCount(3);
  await page.getByLabel('Jour de l’arrêt 2').selectOption('Th');
  await page.getByLabel('Moment de l’arrêt 2').selectOption('journee');
  await page.getByLabel('Rythme de l’arrêt 2').selectOption('semaine');
  await page.getByRole('button', { name: 'Avancer l’arrêt 2' }).click();
  await expect(page.getByLabel('Jour de l’arrêt 1')).toHaveValue('Th');
  await page.getByRole('button', { name: 'Retirer l’arrêt 3' }).click();
  await simulated(page);
  await expect(page.locator('.stop')).toHaveCount(2);
  await expect(page.locator('.mark--stop')).toHaveCount(2);
  await keep(page, 'simuler-tournee');
});

test('a link reopens the same simulation; saved, it has a short one, and files', async ({ page, context, watch }) => {
  watch.expected.push(/40[13]/);
  await start(page, FERE);
  await use(page, 'Ouvrir un lieu');
  await page.locator('.stage__map').click({ position: await blank(page) });
  await simulated(page);
  const said = await page.locator('.bilan').textContent();
  const address = page.url();
  expect(scenarioOf(page)).toBeTruthy();
  const other = await context.newPage();
  await other.goto(address);
  await expect(other.locator('#map-etat')).toHaveCount(0, { timeout: 90_000 });
  await expect(other.locator('.bilan')).toBeVisible();
  expect(await other.locator('.bilan').textContent()).toBe(said);
  await expect(other.locator('.mark--new')).toHaveCount(1);
  expect(other.url()).toBe(address);
  await other.close();

  // Saved, it has a short link and files.
  await page.getByRole('button', { name: '← Retour' }).click();
  await page.getByText('Enregistrer et partager').click();
  await expect(page.getByLabel('Lien vers ce scénario')).toHaveValue(/essai=/);
  const file = page.waitForEvent('download');
  await page.getByRole('button', { name: /Télécharger le scénario/ }).click();
  expect((await file).suggestedFilename()).toBe('mon-scenario.json');
  await page.getByLabel('Jeton d’écriture').fill('faux');
  await page.getByRole('button', { name: 'Enregistrer sur le serveur' }).click();
  await expect(page.locator('.keep .tool__fault')).toContainText(/jeton/i);
  await page.locator('.keep').scrollIntoViewIfNeeded();
  await keep(page, 'simuler-enregistrer');
  await page.getByLabel('Jeton d’écriture').fill(newToken());
  await page.getByRole('button', { name: 'Enregistrer sur le serveur' }).click();
  await expect(page.getByRole('link', { name: 'CSV' })).toHaveAttribute('href', /scenarios\/[a-z0-9]+\/difference\?.*format=csv/);
  const saved = /scenario=[a-z0-9]+/.exec(new URL(page.url()).hash)?.[0] ?? '';
  expect(saved).not.toBe('');
  expect(scenarioOf(page)).toBeNull();
  await page.reload();
  await expect(page.locator('.bilan')).toHaveText(said ?? '');
  // A copy has a name of its own and leaves what is saved as it is.
  await page.getByText('Enregistrer et partager').click();
  await page.getByRole('button', { name: 'Dupliquer' }).click();
  await expect(page.getByLabel('Nom du scénario')).toHaveValue('Mon scénario (copie)');
  await expect(page.getByRole('button', { name: 'Enregistrer sur le serveur' })).toBeVisible();
  expect(scenarioOf(page)).toBeTruthy();
  expect(new URL(page.url()).hash).not.toContain(saved);
});

test('the ten best places are listed, shaded and chosen', async ({ page }) => {
  await start(page);
  await use(page, 'Où un lieu aiderait-il le plus ?');
  await expect(page.locator('.place')).toHaveCount(10);
  const gains = (await page.locator('.place b').allTextContents()).map((text) => Number(text.replace(/\D/g, '')));
  expect(gains).toEqual([...gains].sort((a, b) => b - a));
  expect(new Set(await page.locator('.place__name').allTextContents()).size).toBe(10);
  await expect(page.locator('input[name="calque"][value="gains"]')).toBeChecked();
  await settled(page);
  await keep(page, 'simuler-ou');
  await page.locator('.place').first().click();
  await landed(page);
  await simulated(page);
  // What was promised is what comes.
  const said = (await page.locator('.bilan__gain b').first().textContent()) ?? '';
  expect(Number(said.replace(/\D/g, ''))).toBe(gains[0]);
});

test('accessible with the panel open, at the menu and in every tool', async ({ page }) => {
  await start(page, FERE);
  const check = async (where: string) => expect(await violations(page), where).toEqual([]);
  await check('menu');
  await use(page, 'Ouvrir un lieu');
  await page.getByRole('button', { name: 'Placer au centre de la carte' }).click();
  await simulated(page);
  await page.locator('.simuler__form summary').click();
  await check('open');
  await page.keyboard.press('Escape');
  for (const name of ['Fermer un lieu', 'Tracer une tournée de bus', 'Où un lieu aiderait-il le plus ?']) {
    await use(page, name);
    if (name.startsWith('Tracer')) await page.getByRole('button', { name: 'Ajouter un arrêt au centre de la carte' }).click();
    if (name.startsWith('Où')) await expect(page.locator('.place')).toHaveCount(10);
    await simulated(page);
    await check(name);
    await page.keyboard.press('Escape');
  }
  await page.getByText('Enregistrer et partager').click();
  await check('keep');
});
