/** The map as files on a host that knows nothing, and tiles as others read them. */
import { execFileSync } from 'node:child_process';
import { createReadStream, openSync, readSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { PMTiles, type Source } from 'pmtiles';
import { BINARY, STORE } from '../playwright.config.ts';
import { expect, keep, look, test } from './carte.ts';

const SITE = 'test-artifacts/site';
const LAYERS = ['cells', 'zones', 'epci', 'communes', 'roads', 'lieux'] as const;

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
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(response.url());
    });
    await page.goto('./');
    await expect(page.locator('#map-etat')).toHaveCount(0, { timeout: 90_000 });
    await expect(page.locator('.headline__main strong')).toContainText('30');
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
  });
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

test('an independent reader finds the tiles of the server in the archive, and every feature in them', async ({ request }) => {
  const archive = new PMTiles(new FileSource(`${SITE}/maillage.pmtiles`));
  const header = await archive.getHeader();
  const edition = (await (await request.get('./api/v1/edition')).json()) as {
    bounds: number[];
    counts: Record<string, number>;
    cells: { first: number; count: number }[];
  };
  const [west = 0, south = 0, east = 0, north = 0] = edition.bounds;
  const column = (lon: number, z: number) => Math.floor(((lon + 180) / 360) * 2 ** z);
  const line = (lat: number, z: number) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z);
  const found: Record<string, Set<number>> = {};
  let tiles = 0;
  let compared = 0;
  let largest = 0;
  for (let z = header.minZoom; z <= header.maxZoom; z += 1) {
    for (let x = column(west, z); x <= column(east, z); x += 1) {
      for (let y = line(north, z); y <= line(south, z); y += 1) {
        const tile = await archive.getZxy(z, x, y);
        // Each tile of the low zooms against the server's; one in eight of those that follow.
        if (z < 10 || (x + 3 * y) % 8 === 0) {
          const parts = await Promise.all(LAYERS.map(async (layer) => {
            const response = await request.get(`./tiles/${layer}/${z}/${x}/${y}.mvt`);
            if (response.status() === 204 || response.status() === 400) return Buffer.alloc(0); // 400: the layer has no such zoom
            expect(response.status()).toBe(200);
            const body = await response.body();
            largest = Math.max(largest, gzipSync(body).length);
            return body;
          }));
          expect(Buffer.concat(parts).equals(Buffer.from(tile?.data ?? new ArrayBuffer(0))), `tile ${z}/${x}/${y}`).toBe(true);
          compared += 1;
        }
        if (!tile) continue;
        tiles += 1;
        const decoded = new VectorTile(new PbfReader(new Uint8Array(tile.data)));
        for (const [name, layer] of Object.entries(decoded.layers)) {
          expect(layer.version).toBe(2);
          const ids = new Set<number>();
          for (let at = 0; at < layer.length; at += 1) {
            const feature = layer.feature(at);
            const id = feature.id;
            if (id === undefined) throw new Error(`${name} ${z}/${x}/${y}: a feature without an id`);
            ids.add(id);
            (found[name] ??= new Set()).add(id);
            if (feature.type === 3) checkRings(feature.loadGeometry(), `${name} ${z}/${x}/${y} ${id}`);
          }
          if (name !== 'roads') expect(ids.size, `ids of ${name} ${z}/${x}/${y}`).toBe(layer.length);
        }
      }
    }
  }
  const cells = edition.cells.reduce((sum, { count }) => sum + count, 0);
  console.log(`${tiles} tiles decoded, ${compared} addresses compared with the server, largest layer of a tile ${(largest / 1000).toFixed(1)} kB gzip; features: ${Object.entries(found).map(([name, ids]) => `${name} ${ids.size}`).join(', ')}`);
  expect(found['cells']?.size).toBe(cells);
  expect(found['communes']?.size).toBe(edition.counts['communes']);
  expect(found['epci']?.size).toBe(edition.counts['epci']);
  expect(largest).toBeLessThan(150_000);
});

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Rings as MVT 2.1 wants them: the first one outer (positive area), closed once, no two corners in one place. */
function checkRings(rings: readonly (readonly Corner[])[], name: string): void {
  rings.forEach((ring, at) => {
    const area = ring.reduce((sum, a, i) => {
      const b = ring[(i + 1) % ring.length] ?? a;
      return sum + a.x * b.y - b.x * a.y;
    }, 0);
    if (area === 0 || (at === 0 && area < 0)) throw new Error(`${name}: area ${area} of ring ${at}`);
    const [first, last] = [ring[0], ring.at(-1)];
    if (ring.length < 4 || first?.x !== last?.x || first?.y !== last?.y) throw new Error(`${name}: ring ${at} is not closed`);
    for (let i = 1; i < ring.length; i += 1) {
      if (ring[i]?.x === ring[i - 1]?.x && ring[i]?.y === ring[i - 1]?.y) throw new Error(`${name}: ring ${at} stays in place at ${i}`);
    }
  });
}
