/** The offer, truly: what is unknown is told apart from need, and whom to ask is named. */
import type { Page } from '@playwright/test';
import { expect, FERE, keep, landed, open, settled, simulated, tabTo, test, violations } from './carte.ts';
import { blank, start, use } from './simulation.ts';

/** Text without the typography that pages and map write each in their way. */
const plain = (text: string | null) => (text ?? '').replace(/[\u00a0\u202f]/g, ' ').replaceAll('’', "'").replace(/\s+/g, ' ').trim();

/** A number as it is written in French. */
const written = (value: number) => value.toLocaleString('fr-FR');

async function json<T>(page: Page, path: string): Promise<T> {
  return (await (await page.request.get(`./api/v1/${path}`)).json()) as T;
}

interface ZonesAnswer {
  readonly people: number;
  readonly sentence: string;
  readonly a_verifier: readonly { readonly nom: string; readonly people: number; readonly ask: readonly { readonly id: string; readonly nom: string; readonly people: number; readonly missing: readonly string[] }[] }[];
  readonly a_verifier_people: number;
}

test('the headline tells known need from what to check, as the server does, and leads to both lists, and to whom to ask', async ({ page }) => {
  await open(page);
  const zones = await json<ZonesAnswer>(page, 'zones-blanches');
  const clauses = await page.locator('.headline__main').evaluateAll((nodes) => nodes.map((node) => [...node.childNodes].filter(({ nodeName }) => nodeName !== 'BUTTON').map(({ textContent }) => textContent).join('')));
  expect(plain(clauses.map(plain).join(' '))).toBe(plain(zones.sentence));
  await page.getByRole('button', { name: 'Voir qui interroger' }).click();
  await expect(page.locator('#verifier')).toBeFocused();
  await expect(page.locator('#verifier h2')).toBeInViewport();
  await expect(page.locator('#verifier-resume')).toContainText(written(zones.a_verifier_people));
  const first = zones.a_verifier[0];
  const row = page.locator('#verifier .zone').first();
  await expect(row).toContainText(first?.nom ?? '?');
  await expect(row).toContainText(written(first?.people ?? -1));
  await expect(row).toContainText(`À interroger\u00a0: ${first?.ask[0]?.nom}`);
  await keep(page, 'offre-a-verifier');
  await page.getByRole('button', { name: 'Voir où' }).click();
  await expect(page.locator('#zones')).toBeFocused();
  await expect(page.locator('#zones-resume')).toContainText(written(zones.people));

  // A zone à vérifier names whom to ask, and leads there.
  await row.click();
  await landed(page);
  await expect(row).toHaveAttribute('aria-current', 'true');
  expect(page.url()).toContain('verifier=1');
  const card = page.locator('#details');
  await expect(card).toContainText('Zone à vérifier n° 1');
  const asked = first?.ask[0];
  const item = card.locator('.ask li').first();
  await expect(item).toContainText(asked?.nom ?? '?');
  await expect(item).toContainText('demander les');
  await expect(item).toContainText(written(asked?.people ?? -1));
  await keep(page, 'offre-zone-a-verifier');
  expect(await violations(page)).toEqual([]);
  await item.getByRole('button').click();
  await expect(card.getByRole('heading', { level: 2 })).toHaveText(asked?.nom ?? '?');
  await expect(card.locator('.ask')).toContainText('À demander au lieu');
  await expect(card.locator('.ask')).toContainText('Horaires non renseignés');
  await landed(page);
  await keep(page, 'offre-lieu-a-interroger');
  await page.reload();
  await expect(card.getByRole('heading', { level: 2 })).toHaveText(asked?.nom ?? '?');
});

test('the card of an EPCI counts the people of its zones who live there, and whom to ask about', async ({ page }) => {
  const epci = 'epci:200072031';
  const inside = await json<ZonesAnswer & { zones: { nom: string; people: number; outside_people?: number }[] }>(page, `zones-blanches?territoire=${epci}`);
  const shared = inside.zones.slice(0, 5).find(({ outside_people: outside = 0 }) => outside > 0);
  if (!shared) throw new Error('no zone of this EPCI crosses its border: choose another');
  await open(page, `territoire=${epci}`);
  const card = page.locator('#details');
  await expect(card.getByRole('listitem').filter({ hasText: shared.nom }).first()).toContainText(`${written(shared.people)}\u00a0habitants ici, ${written(shared.outside_people ?? 0)} ailleurs`);
  await expect(card.getByRole('heading', { name: 'Zones à vérifier du territoire' })).toBeVisible();
  const gap = await json<{ to_check: { people: number }; access_min: { p90: number } }>(page, `territoires/${epci}`);
  await expect(card).toContainText(`jusqu’à ${written(gap.to_check.people)}\u00a0habitants de plus seraient couverts`);
  // As the printed page has it, to the decimal.
  const minutes = (Math.round(gap.access_min.p90 * 10) / 10).toLocaleString('fr-FR');
  await expect(card.locator('dl div', { hasText: 'Neuf habitants sur dix' }).locator('dd')).toHaveText(`${minutes}\u00a0min`);
  await keep(page, 'offre-epci');
});

test('a service that nobody names is unknown, and no need of everybody', async ({ page }) => {
  const { params, population } = await json<{ population: number; params: { services: { code: string; lieux: number }[] } }>(page, 'edition');
  const unnamed = params.services.find(({ lieux }) => lieux === 0);
  await open(page, `service=${unnamed?.code}`);
  await expect(page.locator('#phrase')).toContainText('Inconnu\u00a0: aucune source ne dit qui rend ce service');
  await expect(page.locator('#phrase')).not.toContainText(written(population));
  await expect(page.locator('#phrase')).not.toContainText('%');
  await expect(page.locator('#service option:checked')).toContainText('(inconnu)');
  await page.goto(`./#service=${unnamed?.code}&territoire=epci:200072031`);
  await expect(page.locator('#details dl div', { hasText: 'Lieux sur le territoire' }).locator('dd')).toHaveText('inconnu');
  await keep(page, 'offre-service-inconnu');
});

test('appointments count when they are asked for, lieux are found by their label, by keyboard, and the address keeps both', async ({ page, watch }) => {
  await open(page);
  const box = page.getByRole('checkbox', { name: 'Compter les rendez-vous' });
  await expect(box).not.toBeChecked();
  await tabTo(page, box);
  await page.keyboard.press('Space');
  await settled(page);
  await expect(page).toHaveURL(/#rendez_vous=oui$/);
  for (const what of ['gaps', 'acces']) {
    expect(watch.requests.some((address) => address.includes(`/api/v1/${what}?`) && address.includes('rendez_vous=oui')), what).toBe(true);
  }
  const panel = page.locator('#filtres');
  await tabTo(page, panel.locator('summary'));
  await page.keyboard.press('Enter');
  const label = page.getByLabel('Label ou programme');
  await expect(label).toBeEnabled();
  await tabTo(page, label);
  await page.keyboard.type('Aidants');
  const count = /\(([\d\s\u202f]+)\)/.exec((await label.locator('option:checked').textContent()) ?? '')?.[1] ?? '?';
  await expect(page.locator('#filtres-etat')).toContainText(`${count} lieux correspondent sur`);
  await expect(page).toHaveURL(/label=Aidants%20Connect/);
  await settled(page);
  await keep(page, 'offre-filtres');
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await expect(box).toBeChecked();
  await expect(page.locator('#filtres-etat')).toContainText(`${count} lieux correspondent sur`);
  await box.uncheck();
  await expect(page).not.toHaveURL(/rendez_vous/);
  await page.getByRole('button', { name: 'Tout montrer' }).click();
  await expect(page).not.toHaveURL(/label=/);
  await expect(page.locator('#filtres-etat')).toHaveText('');
});

test('the card of a lieu has all that it says, and links of the web only', async ({ page }) => {
  const told = {
    telephone: '+33323264000', courriel: ['accueil@mairie.example'], site_web: 'https://mairie.example/aide', rendez_vous: 'javascript:alert(1)',
    acces_libre: 'https://acceslibre.beta.gouv.fr/app/02/', publics: ['Seniors'], prise_en_charge: ['Surdité'], labels: ['Aidants Connect'],
    modalites_acces: ['Téléphoner'], modalites_accompagnement: ['Accompagnement individuel'], resume: 'Un lieu <b>ouvert</b>.', presentation: 'Un lieu ouvert.\nÀ tous.',
    structure: 'Mairie', commentaire: 'Permanence le lundi', missing: ['accueil'],
    ouvertures: [{ jours: [1], heures: ['09:00-12:00'] }], hours_week: 3, rendez_vous_ouvertures: [{ jours: [2], heures: ['14:00-17:00'] }],
  };
  await page.route('**/api/v1/lieux', async (route) => {
    const response = await route.fetch();
    const lieux = (await response.json()) as { features: { properties: object }[] };
    Object.assign(lieux.features[0]?.properties ?? {}, told);
    await route.fulfill({ response, json: lieux });
  });
  const { features: [lieu] } = await json<{ features: { id: string }[] }>(page, 'lieux');
  await open(page, `lieu=${lieu?.id}`);
  const card = page.locator('#details');
  await expect(card.locator('.ask')).toContainText('On ne sait pas s’il accueille le public');
  await expect(card.locator('div', { has: page.getByText('Sans rendez-vous', { exact: true }) }).last()).toContainText('lundi');
  await expect(card.locator('div', { has: page.getByText('Sur rendez-vous', { exact: true }) }).last()).toContainText('mardi');
  await expect(card.getByRole('link', { name: /^03.23.26.40.00$/ })).toHaveAttribute('href', 'tel:+33323264000');
  await expect(card.getByRole('link', { name: 'accueil@mairie.example' })).toHaveAttribute('href', 'mailto:accueil@mairie.example');
  const links = await card.locator('a[href^="http"]').evaluateAll((nodes) => nodes.map((node) => [node.textContent, node.getAttribute('rel')]));
  expect(links).toEqual([['mairie.example', 'noopener noreferrer external'], ['acceslibre.beta.gouv.fr', 'noopener noreferrer external']]);
  await expect(card).not.toContainText('javascript');
  for (const text of ['Seniors', 'Surdité', 'Aidants Connect', 'Téléphoner', 'Accompagnement individuel', 'Mairie', 'Permanence le lundi']) await expect(card).toContainText(text);
  const presentation = card.locator('.presentation');
  await expect(presentation.getByText('À tous.')).toBeHidden();
  await presentation.locator('summary').click();
  await expect(presentation.getByText('À tous.')).toBeVisible();
  await expect(presentation).toContainText('Un lieu <b>ouvert</b>.');
  await keep(page, 'offre-lieu-complet');
  expect(await violations(page)).toEqual([]);
});

test('a modelled stop and a lieu of another département say what they are', async ({ page }) => {
  const { features } = await json<{ features: { id: string; properties: { kind: string; nom: string } }[] }>(page, 'lieux');
  const stop = features.find(({ properties }) => properties.kind === 'arret');
  const lieu = features.find(({ properties }) => properties.kind === 'lieu');
  if (!stop || !lieu) throw new Error('no stop or no lieu');
  const told = new Map<string, object>([[stop.id, { modelise: true }], [lieu.id, { dehors: true, departement: 'Marne' }]]);
  await page.route('**/api/v1/lieux', async (route) => {
    const response = await route.fetch();
    const lieux = (await response.json()) as { features: { id: string; properties: object }[] };
    for (const { id, properties } of lieux.features) Object.assign(properties, told.get(id));
    await route.fulfill({ response, json: lieux });
  });
  await open(page, `lieu=${encodeURIComponent(stop.id)}`);
  await expect(page.locator('#details h2')).toHaveText(stop.properties.nom);
  await expect(page.locator('#details')).toContainText('Arrêt modélisé\u00a0: n’y envoyez personne.');
  await page.goto(`./#lieu=${encodeURIComponent(lieu.id)}`);
  await expect(page.locator('#details h2')).toHaveText(lieu.properties.nom);
  await expect(page.locator('#details')).toContainText('dans celui-ci\u00a0: Marne');
  await settled(page);
  await keep(page, 'offre-hors-departement');
});

test('a simulation says first what asking would change', async ({ page }) => {
  await start(page, FERE);
  await use(page, 'Où un lieu aiderait-il le plus');
  const ask = page.locator('.places .knowing');
  await expect(ask).toContainText('D’abord, demander', { timeout: 60_000 });
  await expect(ask.locator('li').first()).toContainText(/^Renseigner les .* de /);
  await expect(ask.locator('li').first()).toContainText(/\u00a0: jusqu’à [\d\u202f]+\u00a0habitants/);
  await expect(ask.locator('li')).toHaveCount(3);
  await keep(page, 'offre-suggestions');
  await page.getByRole('button', { name: '← Retour' }).click();
  await use(page, 'Ouvrir un lieu');
  await page.locator('.stage__map').click({ position: await blank(page) });
  await simulated(page);
  await expect(page.locator('.bilan')).toBeVisible();
  const first = page.locator('.simuler__bilan-body > *').first();
  await expect(first).toContainText(/Renseigner les .*, dont [\d\u202f]+ que ce scénario change/);
  await keep(page, 'offre-simulation');
  expect(await violations(page)).toEqual([]);
  await first.getByRole('button').first().click();
  await expect(page.locator('#details .card__kind')).toHaveText('Lieu fixe');
});
