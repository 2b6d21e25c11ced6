/** The map on other people's pages: on those that may show it, and on no other. */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import AxeBuilder from '@axe-core/playwright';
import { test as base } from '@playwright/test';
import { BINARY, STORE } from '../playwright.config.ts';
import { expect, keep } from './carte.ts';

interface Host {
  /** Sets what the foreign page holds, and gives its address. */
  readonly put: (body: string) => string;
  readonly site: string;
}

async function foreign(use: (host: Host) => Promise<void>): Promise<void> {
  let page = '';
  const server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const site = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await use({
    site,
    put: (body) => {
      page = `<!doctype html><html lang="fr"><title>Site d’une agglo</title><style>* { max-width: 200px; color: red !important; font: 40px serif !important } iframe { display: none } maillage-carte { float: left }</style><h1>Notre agglo</h1>${body}</html>`;
      return `http://${site}/`;
    },
  });
  server.close();
}

const test = base.extend<{ allowed: Host; other: Host; cle: string; origin: string }>({
  allowed: async ({}, use) => foreign(use),
  other: async ({}, use) => foreign(use),
  origin: async ({ baseURL }, use) => use((baseURL ?? '').replace(/\/$/, '')),
  cle: async ({ request, allowed }, use) => {
    const token = /\S{20,}/.exec(execFileSync(BINARY, ['--store', STORE, 'token', 'create', `essais-${allowed.site}-${Date.now()}`], { encoding: 'utf8' }))?.[0];
    const made = await request.post('./api/v1/integrations', { headers: { Authorization: `Bearer ${token}` }, data: { nom: 'Essais', sites: [allowed.site] } });
    expect(made.status()).toBe(201);
    await use(((await made.json()) as { id: string }).id);
  },
});

const component = (origin: string, cle: string, couche: string, territoire = '200072031') =>
  `<script src="${origin}/embed.js" async></script><maillage-carte territoire="epci:${territoire}" couche="${couche}" cle="${cle}" titre="Carte ${couche}"></maillage-carte>`;

test('a site that is allowed shows several, whatever its own styles', async ({ page, allowed, origin, cle }) => {
  await page.goto(allowed.put(`<div style="width: 280px; max-width: none">${component(origin, cle, 'acces')}</div>${component(origin, cle, 'zones-blanches')}${component(origin, cle, 'lieux')}`));
  const frames = ['acces', 'zones-blanches', 'lieux'].map((couche) => page.locator(`maillage-carte[couche="${couche}"]`));
  for (const frame of frames) await frame.scrollIntoViewIfNeeded();
  const shown = () => page.frames().filter((frame) => frame.url().startsWith(`${origin}/embed`));
  await expect.poll(() => shown().length).toBe(3);
  for (const frame of shown()) {
    await expect(frame.locator('h1')).toHaveText('CA de la Région de Château-Thierry');
    await expect(frame.locator('svg[role=img]')).toBeVisible();
    // The page outside does not scroll the frame: it is as high as what it holds.
    await expect
      .poll(() => frame.evaluate(() => [document.documentElement.getBoundingClientRect().height <= innerHeight, document.documentElement.scrollWidth <= innerWidth]))
      .toEqual([true, true]);
  }
  await frames[0]?.scrollIntoViewIfNeeded();
  await keep(page, `integration-hote-${page.viewportSize()?.width}`);
});

test('another site is refused by the browser', async ({ page, other, origin, cle }) => {
  const refusals: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') refusals.push(message.text());
  });
  await page.goto(other.put(component(origin, cle, 'acces')));
  await page.locator('maillage-carte').scrollIntoViewIfNeeded();
  await expect.poll(() => refusals.some((text) => text.includes('frame-ancestors'))).toBe(true);
  expect(page.frames().filter((frame) => frame.url().startsWith(origin))).toEqual([]);
});

test('the generator writes what to paste, and shows it', async ({ page }) => {
  await page.goto('./integrer');
  await page.getByLabel('Quel territoire').selectOption({ label: 'CA de la Région de Château-Thierry' });
  await page.getByLabel('Que montrer').selectOption('zones-blanches');
  await page.getByRole('button', { name: 'Voir' }).click();
  await expect(page.getByLabel('Avec un script')).toHaveValue(/<maillage-carte territoire="epci:200072031" couche="zones-blanches"/);
  await expect(page.frameLocator('.preview').locator('h1')).toHaveText('CA de la Région de Château-Thierry');
  await keep(page, `integrer-${page.viewportSize()?.width}`, true);
});

for (const address of ['embed', 'embed?couche=zones-blanches&territoire=epci:200072031', 'integrer', 'accessibilite', 'docs', 'ogc/collections?f=html']) {
  test(`accessible: ${address}`, async ({ page }) => {
    await page.goto(`./${address}`);
    await keep(page, `page-${address.replace(/\W+/g, '-')}-${page.viewportSize()?.width}`);
    const { violations } = await new AxeBuilder({ page }).exclude('.docs > section ~ section').analyze(); // a hundred alike
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(' ')}`)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });
}
