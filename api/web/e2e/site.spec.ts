/** The map as files on a host that knows nothing, and tiles as others read them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, openSync, readFileSync, readSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent, createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { PMTiles, type Source } from 'pmtiles';
import { BINARY, STORE } from '../playwright.config.ts';
import { expect, keep, look, test } from './carte.ts';
import { checkRings, checkShared } from './rings.ts';

const SITE = 'test-artifacts/site';
const LAYERS = ['cells', 'zones', 'epci', 'communes', 'roads', 'lieux', 'lignes', 'arrets'] as const;
/** How far a tile draws beyond itself, in its units. */
const BUFFER = 64;

interface Edition {
  readonly bounds: readonly number[];
  readonly counts: Readonly<Record<string, number>>;
  readonly cells: readonly { readonly count: number }[];
}

// One worker for all: each of its own would export again.
test.describe.configure({ mode: 'default' });

test.beforeAll(() => {
  execFileSync(BINARY, ['--store', STORE, 'export', 'site', SITE], { stdio: 'pipe' });
});

/** A host of files: media types by extension, ranges, nothing else. */
function host(folder: string): Promise<Server> {
  const types: Record<string, string> = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', json: 'application/json' };
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    const path = join(folder, normalize(name.endsWith('/') ? `${name}index.html` : name));
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined) return response.writeHead(404).end();
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [start, end] = range ? [Number(range[1]), Math.min(Number(range[2]), size - 1)] : [0, size - 1];
    response.writeHead(range ? 206 : 200, {
      'Content-Type': types[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      'Content-Length': end - start + 1,
      'Content-Security-Policy': "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:",
      ...(range ? { 'Content-Range': `bytes ${start}-${end}/${size}` } : {}),
    });
    return createReadStream(path, { start, end }).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

test.describe('without a server', () => {
  test.use({
    baseURL: async ({}, use) => {
      const server = await host(SITE);
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      server.close();
    },
  });

  test('the whole map works from files', async ({ page, watch }) => {
    const failed: string[] = [];
    const ranges = { asked: 0, bytes: 0 };
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(response.url());
      if (!response.url().endsWith('.pmtiles')) return;
      ranges.asked += response.status() === 206 ? 1 : Number.NaN;
      ranges.bytes += Number(response.headers()['content-length']);
    });
    await page.goto('./');
    await expect(page.locator('#map-etat')).toHaveCount(0, { timeout: 90_000 });
    const served = new URL('./api/v1/gaps?level=departement', test.info().project.use.baseURL);
    const { territoires } = (await (await fetch(served)).json()) as { territoires: { classes: { blanche: number } }[] };
    const { blanche = 0 } = territoires[0]?.classes ?? {};
    expect(blanche).toBeGreaterThan(0);
    const digits = async (selector: string) => Number((await page.locator(selector).first().textContent())?.replace(/\D/g, ''));
    expect(await digits('.headline__main strong')).toBe(blanche);
    expect(await page.locator('.legend').textContent()).toContain(blanche.toLocaleString('fr-FR'));
    const { classes } = await look(page);
    expect(classes.couverte).toBeGreaterThan(50_000);
    expect(classes.blanche).toBeGreaterThan(2_000);
    await keep(page, 'site');
    await expect(page.getByRole('button', { name: 'Simuler un changement' })).toBeHidden();
    for (const vue of ['Temps d’accès', 'Heures par semaine', 'Fragilité (IFN)']) await page.getByRole('radio', { name: vue }).check();
    await page.getByRole('combobox', { name: /Chercher/ }).fill('marle');
    await page.keyboard.press('Enter');
    await expect(page.locator('#details h2')).toHaveText('Marle');
    await expect(page.locator('#map')).not.toHaveAttribute('aria-busy', 'true', { timeout: 60_000 });
    expect(failed).toEqual([]);
    expect(watch.requests.some((address) => address.endsWith('.mvt'))).toBe(false);
    console.log(`${ranges.asked} ranges of the archive, ${(ranges.bytes / 1000).toFixed(1)} of ${(statSync(`${SITE}/maillage.pmtiles`).size / 1000).toFixed(1)} kB`);
    expect(ranges.asked).toBeGreaterThan(2);
    expect(ranges.bytes).toBeLessThan(statSync(`${SITE}/maillage.pmtiles`).size / 4);
  });
});

test('exported again it is the same files, and takes no other folder\'s place', () => {
  const files = (folder: string) =>
    Object.fromEntries(readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, createHash('sha256').update(readFileSync(join(folder, name))).digest('hex')]));
  const before = files(SITE);
  const { edition, sources } = JSON.parse(readFileSync(join(SITE, 'a-propos.json'), 'utf8')) as { edition: string; sources: unknown[] };
  expect(edition).toMatch(/^[0-9a-f]{20}$/);
  expect(sources.length).toBeGreaterThan(3);
  execFileSync(BINARY, ['--store', STORE, 'export', 'site', SITE], { stdio: 'pipe' });
  expect(files(SITE)).toEqual(before);
  const other = mkdtempSync(join(tmpdir(), 'site-'));
  writeFileSync(join(other, 'notes.txt'), 'à garder');
  expect(() => execFileSync(BINARY, ['--store', STORE, 'export', 'site', other], { stdio: 'pipe' })).toThrow('contient autre chose');
  expect(Object.keys(files(other))).toEqual(['notes.txt']);
  rmSync(other, { recursive: true });
});

/** A file read by ranges. */
class FileSource implements Source {
  private readonly file: number;
  constructor(private readonly path: string) {
    this.file = openSync(path, 'r');
  }
  getKey(): string {
    return this.path;
  }
  async getBytes(offset: number, length: number): Promise<{ data: ArrayBuffer }> {
    const data = new Uint8Array(length);
    const read = readSync(this.file, data, 0, length, offset);
    return { data: data.buffer.slice(0, read) };
  }
}

const AGENT = new Agent({ keepAlive: true });

/** A tile of the server, and its bytes on the way; neither when there is nothing in it. */
function fetchTile(address: string): Promise<{ status: number; body: Buffer; zipped: number }> {
  return new Promise((resolve, reject) => {
    get(address, { agent: AGENT, headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const sent = Buffer.concat(chunks);
        const status = response.statusCode ?? 0;
        if (status !== 200) resolve({ status, body: Buffer.alloc(0), zipped: 0 });
        else resolve({ status, body: response.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent, zipped: sent.length });
      });
    }).on('error', reject);
  });
}

test('an independent reader finds the tiles of the server in the archive, and every feature in them', async ({ request, baseURL }) => {
  const squeezed: number[] = [];
  const archive = new PMTiles(new FileSource(`${SITE}/maillage.pmtiles`), undefined, async (buffer) => {
    squeezed.push(buffer.byteLength);
    return new Uint8Array(gunzipSync(new Uint8Array(buffer))).buffer;
  });
  const header = await archive.getHeader();
  const edition = (await (await request.get('./api/v1/edition')).json()) as Edition;
  // Roads and lieux of the neighbours lie outside the territoire: up to 50 km, in degrees.
  const AROUND = 0.8;
  const [west, south, east, north] = edition.bounds.map((degrees, at) => degrees + (at < 2 ? -AROUND : AROUND)) as [number, number, number, number];
  const column = (lon: number, z: number) => Math.floor(((lon + 180) / 360) * 2 ** z);
  const line = (lat: number, z: number) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z);
  const found: Record<string, Set<number>> = {};
  const lieux = new Set<unknown>();
  const most: Record<string, number> = {};
  const note = (name: string, size: number) => (most[name] = Math.max(most[name] ?? 0, size));
  let [tiles, compared, shared] = [0, 0, 0];
  // What is checked of each tile throws by itself: an expectation of Playwright is a step of its report, and takes milliseconds.
  for (let z = header.minZoom; z <= header.maxZoom; z += 1) {
    // One more all around: a tile shows what its neighbours hold near it.
    for (let x = column(west, z) - 1; x <= column(east, z) + 1; x += 1) {
      for (let y = line(north, z) - 1; y <= line(south, z) + 1; y += 1) {
        const tile = await archive.getZxy(z, x, y);
        const name = `${z}/${x}/${y}`;
        const parts = await Promise.all(LAYERS.map(async (layer) => {
          const { status, body, zipped } = await fetchTile(`${baseURL}tiles/${layer}/${name}.mvt`);
          if (![200, 204, 400].includes(status)) throw new Error(`${layer} ${name}: ${status}`); // 400: the layer has no such zoom
          note(layer, zipped);
          return body;
        }));
        if (!Buffer.concat(parts).equals(Buffer.from(tile?.data ?? new ArrayBuffer(0)))) throw new Error(`tile ${name} is not the server's`);
        compared += 1;
        if (!tile) continue;
        tiles += 1;
        note('archive', squeezed.at(-1) ?? 0);
        for (const layer of Object.values(new VectorTile(new PbfReader(new Uint8Array(tile.data))).layers)) {
          const features = Array.from({ length: layer.length }, (_, at) => layer.feature(at));
          const ids = features.map(({ id }) => id ?? Number.NaN);
          for (const id of ids) (found[layer.name] ??= new Set()).add(id);
          const polygons = features.filter(({ type }) => type === 3).map((feature) => feature.loadGeometry());
          try {
            if (layer.version !== 2) throw new Error(`version ${layer.version}`);
            if (new Set(ids).size < ids.length || ids.some(Number.isNaN)) throw new Error('features without an id of their own');
            polygons.forEach(checkRings);
            if (layer.name === 'cells') shared += checkShared(polygons.flat(), layer.extent, BUFFER);
          } catch (error) {
            throw new Error(`${layer.name} ${name}: ${String(error)}`);
          }
          if (layer.name === 'lieux') for (const { properties } of features) lieux.add(properties['ref']);
        }
      }
    }
  }
  console.log(`${tiles} tiles decoded, ${compared} addresses compared with the server, ${shared} edges shared by two cells; largest, gzip: ` +
    `${Object.entries(most).map(([name, size]) => `${name} ${(size / 1000).toFixed(1)} kB`).join(', ')}; features: ${Object.entries(found).map(([name, ids]) => `${name} ${ids.size}`).join(', ')}`);
  expect(tiles).toBe(header.numAddressedTiles);
  const counted = Object.fromEntries(Object.entries(found).map(([name, ids]) => [name, ids.size]));
  const zones = (await (await request.get('./api/v1/zones-blanches')).json()) as { zones: unknown[] };
  expect(counted).toMatchObject({
    cells: edition.cells.reduce((sum, { count }) => sum + count, 0),
    communes: edition.counts['communes'], communes_labels: edition.counts['communes'],
    epci: edition.counts['epci'], epci_labels: edition.counts['epci'],
    zones: zones.zones.length,
  });
  const known = (await (await request.get('./api/v1/lieux')).json()) as { features: { id: string; properties: Record<string, unknown> }[] };
  // What moves is drawn by its stops.
  const shown = known.features.filter(({ properties }) => properties['kind'] !== 'lieu' || (properties['public'] && !properties['itinerant']));
  expect([...lieux].sort()).toEqual(shown.map(({ id }) => id).sort());
  // A tile of the archive holds what the map asks for layer by layer, as it draws them.
  const { archive: whole, ...layers } = most;
  expect(Math.max(...Object.values(layers))).toBeLessThan(150_000);
  expect(whole).toBeLessThan(250_000);
});

test('cells that do not share their edge are told from cells that do', () => {
  const square = (x: number, y: number, size: number) => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]].map(([a = 0, b = 0]) => ({ x: a, y: b }));
  expect(checkShared([square(0, 0, 10), square(10, 0, 10)], 4096, BUFFER)).toBe(2);
  for (const [name, other] of [['a gap', square(11, 0, 10)], ['an overlap', square(9, 0, 10)], ['a corner too many', square(10, 0, 5)]] as const) {
    expect(() => checkShared([square(0, 0, 10), other], 4096, BUFFER), name).toThrow('not the same for both');
  }
  expect(() => checkRings([square(0, 0, 10).reverse()])).toThrow('no hole');
  expect(() => checkRings([square(0, 0, 10), square(20, 0, 5).reverse()])).toThrow('no hole');
  expect(() => checkRings([[...square(0, 0, 10), { x: 0, y: 0 }]])).toThrow('stays in place');
  checkRings([square(0, 0, 10), square(2, 2, 3).reverse()]);
});
