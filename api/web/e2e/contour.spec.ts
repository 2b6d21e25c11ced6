/** A territoire that an outline draws, across communes: found, drawn on the map, on paper and on its page. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BINARY } from '../playwright.config.ts';
import { PALETTE } from '../src/shared/palette.ts';
import { count, expect, keep, look, onPaper, open, settled, test, violations } from './carte.ts';

type Corner = readonly [number, number];

/** Three communes in a row along one street, and a quarter that cuts two of them. */
function inputs(): Readonly<Record<string, string>> {
  const square = (west: number, east: number): Corner[] => [[west, 49], [east, 49], [east, 49.08], [west, 49.08], [west, 49]];
  const layer = (...features: (readonly [object, Corner[]])[]) =>
    JSON.stringify({ type: 'FeatureCollection', features: features.map(([properties, ring]) => ({ type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } })) });
  const commune = (code: string, nom: string, population: number, west: number) => [{ code, nom, population, epci: '200000001' }, square(west, west + 0.1)] as const;
  const nodes = Array.from({ length: 11 }, (_, i) => `<node id="${i + 1}" lon="${(3.01 + 0.028 * i).toFixed(3)}" lat="49.04"/>`);
  const street = `<way id="1">${nodes.map((_, i) => `<nd ref="${i + 1}"/>`).join('')}<tag k="highway" v="residential"/></way>`;
  return {
    'communes.geojson': layer(commune('02001', 'Arcy', 900, 3), commune('02002', 'Brécy', 500, 3.1), commune('02003', 'Coincy', 300, 3.2)),
    'epci.geojson': layer([{ code: '200000001', nom: 'CC du Levant' }, square(3, 3.3)]),
    'territoires.geojson': layer([{ code: 'QN1', nom: 'Quartier de la Gare', type: 'qpv' }, [[3.05, 49.02], [3.17, 49.01], [3.15, 49.07], [3.05, 49.02]]]),
    'roads.osm': `<?xml version="1.0"?><osm version="0.6">${nodes.join('')}${street}</osm>`,
    'lieux.csv': 'id,nom,adresse,code_postal,commune,code_insee,latitude,longitude,services,horaires,date_maj\n1,Mairie d’Arcy,1 rue,02000,Arcy,02001,49.04,3.04,Aide aux démarches administratives,Mo-Fr 09:00-17:00,2024-01-01\n',
  };
}

/** A port that nobody listens to. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

test.use({
  baseURL: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'maillage-contour-'));
    const store = ['--store', join(folder, 'contour.gpkg')];
    for (const [name, text] of Object.entries(inputs())) {
      writeFileSync(join(folder, name), text);
      execFileSync(BINARY, [...store, 'import', name.split('.')[0] ?? '', join(folder, name)], { stdio: 'pipe' });
    }
    execFileSync(BINARY, [...store, 'compute'], { stdio: 'pipe' });
    const address = `127.0.0.1:${await freePort()}`;
    const server = spawn(BINARY, [...store, 'serve', '--addr', address], { stdio: 'ignore' });
    await expect.poll(() => fetch(`http://${address}/readyz`).then(({ ok }) => ok, () => false)).toBe(true);
    await use(`http://${address}/`);
    server.kill();
    rmSync(folder, { recursive: true });
  },
});

test('a drawn quarter is outlined when it is found, on paper and by its link, and its page draws it', async ({ page }) => {
  await open(page, 'vue=temps');
  const inked = async (map = '#map canvas') => count((await look(page, map)).png, PALETTE.ink);
  await page.getByRole('combobox', { name: /Chercher/ }).fill('gare');
  await page.locator('#recherche-liste').getByRole('option').first().click();
  const card = page.locator('#details');
  await expect(card.getByRole('heading', { level: 2 })).toHaveText('Quartier de la Gare');
  await expect(card).toContainText('Quartier prioritaire');
  await expect(card).toContainText(/habitants\s*estimés, dont \d+ dans des mailles que le contour coupe/);
  await settled(page);
  const drawn = await inked();
  await keep(page, 'contour');
  expect(await violations(page)).toEqual([]);
  await onPaper(page, async () => {
    expect(await inked('.map__paper')).toBeGreaterThan(1000); // smaller than on the screen
    await expect(card).toBeVisible();
    expect(await card.evaluate((node) => getComputedStyle(node).position)).toBe('static'); // or it would lie over every sheet
    await keep(page, 'contour-papier', true);
  });
  await page.keyboard.press('Escape');
  await settled(page);
  const bare = await inked();
  expect(drawn).toBeGreaterThan(bare + 1000);

  await page.goto('about:blank');
  await open(page, 'vue=temps&territoire=qpv:QN1');
  await expect(card.getByRole('heading', { level: 2 })).toHaveText('Quartier de la Gare');
  await settled(page);
  expect(await inked()).toBeGreaterThan(bare + 1000);
  await card.getByRole('link', { name: 'Sa page' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Quartier de la Gare');
  await expect(page.locator('svg .outline')).toHaveCount(1);
});
