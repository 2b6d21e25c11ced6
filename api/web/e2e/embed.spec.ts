/** Maps in pages of other sites: sites of their own here, by name and by port. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Frame, type Page, test } from '@playwright/test';
import config from '../playwright.config.ts';
import type { Hex } from '../src/shared/palette.ts';
import { count, keep, look, newToken, violations } from './carte.ts';

const launch = config.use?.launchOptions;
// Names under .test are of this machine, for this browser alone.
test.use({ launchOptions: { ...launch, args: [...(launch?.args ?? []), '--host-resolver-rules=MAP *.test 127.0.0.1'] } });
// What a test changes of the registration, the next one must not meet.
test.describe.configure({ mode: 'serial' });

const SIZES = [
  [1440, 900],
  [390, 844],
] as const;
const EPCI = 'epci:200072031';

/** All that a careless style sheet does to what it did not make. */
const HOSTILE = `
  * { line-height: 4 !important; letter-spacing: 3px !important; box-sizing: content-box !important; }
  div, iframe, a, p, maillage-carte, maillage-carte * {
    display: none !important; position: absolute !important; float: right !important; width: 40px !important; height: 30px !important;
    max-height: 50px !important; min-width: 900px !important; margin: 50px !important; padding: 30px !important; border: 9px solid red !important;
    opacity: 0.1 !important; transform: rotate(30deg) !important; filter: blur(4px) !important; font-size: 3px !important; color: red !important;
  }
  :root { --hauteur: 10px !important; }
  body { margin: 0; font-family: serif; }
  main { display: grid; grid-template-columns: minmax(0, 1fr) 280px; gap: 24px; max-width: 1080px; margin: 0 auto; padding: 24px; align-items: start; }
  @media (max-width: 700px) { main { grid-template-columns: minmax(0, 1fr); padding: 8px; } section { width: 280px; } }`;

let site: Server;
let port: number;
let html = '';
let token: string;
let registration: { id: string };

const authorization = () => ({ Authorization: `Bearer ${token}` });
const at = (host: string) => `http://${host}:${port}/`;

test.beforeAll(async ({ playwright, baseURL }) => {
  site = createServer((_, response) => response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  ({ port } = site.address() as AddressInfo);
  token = newToken();
  const api = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  const reply = await api.post('api/v1/integrations', { headers: authorization(), data: { name: 'essai', hosts: [`mairie.test:${port}`] } });
  expect(reply.status()).toBe(201);
  registration = await reply.json();
  await api.dispose();
});

test.afterAll(() => {
  site.closeAllConnections();
  site.close();
});

/** What the generator writes, for a layer. Its preview is not looked at. */
async function snippet(page: Page, couche: string, which: 'code-composant' | 'code-cadre' = 'code-composant'): Promise<string> {
  await page.route('**/embed?*', (route) => route.abort());
  await page.goto(`./integrer?territoire=${EPCI}&couche=${couche}&integration=${registration.id}`);
  const code = await page.locator(`#${which}`).inputValue();
  await page.unrouteAll({ behavior: 'wait' });
  return code;
}

const document = (inside: string) =>
  `<!doctype html><html lang="fr"><head><meta name="viewport" content="width=device-width"><title>Mairie</title><style>${HOSTILE}</style></head><body><main>${inside}</main></body></html>`;

/** The embeds of a page, once each has drawn its map. */
async function drawn(page: Page, count: number): Promise<Frame[]> {
  const embeds = () => page.frames().filter((frame) => frame.url().includes('/embed?'));
  await expect.poll(() => embeds().length).toBe(count);
  for (const frame of embeds()) {
    // Browsers do not draw what is far out of sight.
    await (await frame.frameElement()).scrollIntoViewIfNeeded();
    await expect(frame.locator('#carte[data-dessinee]')).toBeVisible({ timeout: 60_000 });
  }
  return embeds();
}

/** The frame in its page, laid out now; CSS pixels. */
const box = async (frame: Frame) =>
  (await frame.frameElement()).evaluate((element) => {
    const { width, height } = (element as Element).getBoundingClientRect();
    return { width, height };
  });

/** The frame is as high as what it shows, and as wide: nothing scrolls inside. */
async function fits(frame: Frame): Promise<void> {
  await expect
    .poll(async () => {
      const { width, height } = await box(frame);
      const inside = await frame.evaluate(() => [window.document.documentElement.scrollWidth, window.document.body.getBoundingClientRect().height]);
      return [Math.round(width) - (inside[0] ?? 0), Math.abs(height - (inside[1] ?? 0)) < 1.01];
    })
    .toEqual([0, true]);
}

test('a site that was allowed shows two maps, whatever its style, down to 280 px', async ({ page, context, request }) => {
  const errors: string[] = [];
  const asked = new Set<string>();
  const zones = await snippet(page, 'zones-blanches');
  const temps = await snippet(page, 'temps');
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('request', (r) => /^http/.test(r.url()) && asked.add(new URL(r.url()).host));
  html = document(`<section>${zones}</section><section>${temps}</section>`);
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    if (width === 1440) await page.goto(at('mairie.test'));
    const [wide, narrow] = (await drawn(page, 2)) as [Frame, Frame];
    for (const frame of [wide, narrow]) await fits(frame);
    expect((await box(narrow)).width).toBe(280);
    expect((await box(wide)).width).toBeGreaterThan(width === 1440 ? 600 : 270);
    // What is out of sight is not drawn again for a picture of the whole.
    await page.evaluate(() => window.scrollTo(0, 0));
    await keep(page, `integration-mairie-${width}`, width === 1440);
    if (width !== 1440) continue;
    // For a picture of the whole, Chromium lends a frame the width of another for a moment.
    for (const frame of [wide, narrow]) await fits(frame);

    const gap = await (await request.get(`api/v1/territoires/${EPCI}`)).json();
    await expect(wide.locator('tbody tr').first().locator('td').first()).toHaveText(gap.classes.blanche.toLocaleString('fr-FR'));
    await expect(page.locator('maillage-carte iframe').first()).toHaveAttribute('title', `Aide au numérique : ${gap.nom}`);

    // It grows with what it shows, and believes neither the page nor its neighbour.
    const before = (await box(wide)).height;
    await page.evaluate(() => window.postMessage({ maillage: 'hauteur', pixels: 3000 }, '*'));
    const claim = (pixels: number) => narrow.evaluate((p) => window.parent.postMessage({ maillage: 'hauteur', pixels: p }, '*'), pixels);
    const own = (await box(narrow)).height;
    await claim(3000);
    await expect.poll(async () => (await box(narrow)).height).toBe(3000);
    expect((await box(wide)).height).toBe(before);
    await claim(own);
    await expect.poll(async () => (await box(narrow)).height).toBe(own); // nothing moves under the pointer
    await wide.locator('summary').press('Enter'); // under load, a pointer may miss what still moves
    await expect.poll(async () => (await box(wide)).height).toBeGreaterThan(before + 40);
    await fits(wide);
    expect((await box(wide)).height).toBeLessThan(2000);
  }
  expect(await context.cookies()).toEqual([]);
  expect([...asked].sort()).toEqual([new URL(test.info().project.use.baseURL ?? '').host, `mairie.test:${port}`].sort());
  expect(errors).toEqual([]);
});

test('a site that was not allowed is refused by the browser', async ({ page, request }) => {
  const component = await snippet(page, 'heures');
  const alone = await snippet(page, 'heures', 'code-cadre');
  const refusals: string[] = [];
  page.on('console', (message) => /frame-ancestors/.test(message.text()) && refusals.push(message.text()));
  const refused = async (host: string, code: string) => {
    refusals.length = 0;
    html = `<!doctype html><html lang="fr"><title>Autre site</title><body>${code}</body></html>`;
    await page.goto(at(host));
    await expect.poll(() => refusals.length, { message: host }).toBeGreaterThan(0);
    expect(refusals[0]).toContain(`mairie.test:${port}`);
    await expect.poll(() => page.frames().at(1)?.url()).toBe('chrome-error://chromewebdata/');
  };
  for (const host of ['mauvais-mairie.test', 'www.mairie.test', 'mairie.test.mauvais.test']) await refused(host, alone);
  await refused('mauvais-mairie.test', component);
  // Its reader is left with the way to the figures.
  await expect(page.getByRole('link', { name: /en tableaux/ })).toBeVisible();

  // Another list: the site that was allowed is not any more, at once.
  const address = `api/v1/integrations/${registration.id}`;
  const hosts = (list: string[]) => request.put(address, { headers: authorization(), data: { name: 'essai', hosts: list } });
  expect((await hosts([`autre.mairie.test:${port}`])).ok()).toBe(true);
  await refused('mairie.test', alone);
  expect((await hosts([`mairie.test:${port}`])).ok()).toBe(true);
  refusals.length = 0;
  await page.goto(at('mairie.test'));
  await expect(page.frames().at(1)?.locator('h1') ?? page.locator('none')).toBeVisible();
  expect(refusals).toEqual([]);
});

test('the figures and a drawing are there without script', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '', viewport: { width: 280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`./embed?territoire=${EPCI}`);
  await expect(page.locator('.embed__figure strong')).toHaveText(/\d/);
  await expect(page.locator('#carte-fond path').first()).toBeVisible();
  await expect(page.locator('tbody tr')).toHaveCount(4);
  await page.goto(`./integrer?territoire=${EPCI}`);
  await page.locator('#couche').selectOption('temps');
  await page.getByRole('button', { name: 'Mettre à jour' }).click();
  await expect(page.locator('#code-composant')).toHaveValue(/couche="temps"/);
  await context.close();
});

for (const [name, path] of [
  ['embed', `embed?territoire=${EPCI}`],
  ['integrer', `integrer?territoire=${EPCI}`],
  ['accessibilite', 'accessibilite'],
] as const) {
  test(`/${name} is accessible`, async ({ page }) => {
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      if (width === 1440) {
        await page.goto(`./${path}`);
        if (name === 'embed') await page.locator('summary').click();
      }
      if (name === 'embed') await expect(page.locator('#carte[data-dessinee]')).toBeVisible();
      if (name === 'integrer' && width === 1440) await drawn(page, 1);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => window.document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
      await keep(page, `${name}-${width}`, true);
    }
  });
}

for (const couche of ['temps', 'heures', 'fragilite']) {
  test(`an embed of ${couche} is drawn in the colours of its table, and accessible`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`./embed?territoire=${EPCI}&couche=${couche}`);
    await expect(page.locator('#carte[data-dessinee]')).toBeVisible({ timeout: 60_000 });
    const { png } = await look(page, '#carte .map');
    const painted = await page.locator('.swatch rect').evaluateAll((all) => all.map((rect) => window.getComputedStyle(rect).fill));
    const people = await page.locator('tbody td:nth-child(2)').allTextContents();
    const seen = painted.map((colour) => count(png, hexOf(colour)));
    // Where most people are, there is ground of that colour.
    const most = people.map((text) => Number(text.replace(/\D/g, ''))).reduce((best, n, at, all) => (n > (all[best] ?? 0) ? at : best), 0);
    expect(seen[most], `${seen.join()} of ${people.join()}`).toBeGreaterThan(200);
    expect(await violations(page)).toEqual([]);
    await keep(page, `embed-${couche}-390`, true);
  });
}

/** "rgb(1, 2, 3)" as "#010203". */
function hexOf(colour: string): Hex {
  return `#${(colour.match(/\d+/g) ?? []).map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
}
