/** What the tests share: the page as a person meets it, and the eyes to look at its map. */
import { execFileSync } from 'node:child_process';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { BINARY, STORE } from '../playwright.config.ts';
import { CLASS_COLOURS, type Hex, rgb } from '../src/shared/palette.ts';

export { expect };

interface Watch {
  /** Errors of the console that a test brings about itself. */
  readonly expected: RegExp[];
  /** Every address asked for so far. */
  readonly requests: string[];
}

/** Every test fails on a console error, a page error or a request to another origin. */
export const test = base.extend<{ watch: Watch }>({
  watch: [
    async ({ page, baseURL }, use) => {
      const watch: Watch = { expected: [], requests: [] };
      const errors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('request', (request) => watch.requests.push(request.url()));
      await use(watch);
      // Chromium's remarks on its software renderer are not the page's.
      const own = errors.filter((text) => !/GL Driver Message|swiftshader/i.test(text));
      expect(own.filter((text) => !watch.expected.some((pattern) => pattern.test(text)))).toEqual([]);
      const origin = new URL(baseURL ?? '').origin;
      const foreign = watch.requests.filter((address) => !/^(data|blob):/.test(address) && new URL(address).origin !== origin);
      expect(foreign).toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens the page at a fragment and waits until its map is on screen. */
export async function open(page: Page, fragment = ''): Promise<void> {
  await page.goto(`./${fragment && `#${fragment}`}`);
  await expect(page.locator('#map-etat')).toHaveCount(0, { timeout: 90_000 });
  await settled(page);
}

/** Turns an open page to another fragment, as a link within it does: its scripts and its map are kept. */
export async function turn(page: Page, fragment: string): Promise<void> {
  await page.evaluate((hash) => (location.hash = hash), fragment);
  await settled(page);
}

/** Waits until no figure is being asked for and the map shows the last ones. */
export async function settled(page: Page): Promise<void> {
  // Longer than a slider rests before it asks.
  await page.waitForTimeout(300);
  await expect(page.locator('#phrase')).not.toHaveAttribute('aria-busy', 'true');
  await expect(page.locator('#map')).not.toHaveAttribute('aria-busy', 'true', { timeout: 60_000 });
}

/** Waits until the view has stopped moving, which is when the address tells it. */
export async function landed(page: Page): Promise<void> {
  let before = '';
  await expect
    .poll(async () => {
      const now = new URL(page.url()).hash + (await page.locator('.maplibregl-ctrl-scale').textContent());
      const still = now === before;
      before = now;
      return still && now.includes('pos=');
    }, { intervals: [700] })
    .toBe(true);
  await settled(page);
}

export interface Picture {
  readonly png: PNG;
  /** Pixels of each class's colour. */
  readonly classes: Readonly<Record<keyof typeof CLASS_COLOURS, number>>;
}

/** Looks at the map, the panels over it included. */
export async function look(page: Page, map = '.stage__map'): Promise<Picture> {
  const png = PNG.sync.read(await page.locator(map).screenshot());
  const classes = Object.fromEntries(Object.entries(CLASS_COLOURS).map(([name, colour]) => [name, count(png, colour)]));
  return { png, classes: classes as Picture['classes'] };
}

/** Lays the page out for paper, as printing does, while `look` looks at it. */
export async function onPaper<T>(page: Page, look: () => Promise<T>): Promise<T> {
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  const seen = await look();
  await page.emulateMedia({ media: null });
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  return seen;
}

/** Rounding of the renderer, per channel. */
const NEAR = 3;

export function count(png: PNG, colour: Hex): number {
  let pixels = 0;
  for (let at = 0; at < png.data.length; at += 4) if (isColour(png, at, colour)) pixels += 1;
  return pixels;
}

/** The middle of a patch of `colour` at least `size` pixels wide and high, in pixels of the picture. */
export function find(png: PNG, colour: Hex, size: number): { x: number; y: number } {
  for (let y = 0; y + size < png.height; y += 3) {
    for (let x = 0; x + size < png.width; x += 3) {
      const corners = [[x, y], [x + size, y], [x, y + size], [x + size, y + size], [x + size / 2, y + size / 2]];
      if (corners.every(([cx = 0, cy = 0]) => isColour(png, 4 * (Math.round(cy) * png.width + Math.round(cx)), colour))) {
        return { x: x + size / 2, y: y + size / 2 };
      }
    }
  }
  throw new Error(`no patch of ${colour}, ${size} pixels wide`);
}

function isColour(png: PNG, at: number, colour: Hex): boolean {
  return rgb(colour).every((channel, index) => Math.abs((png.data[at + index] ?? 0) - channel) <= NEAR);
}

/** Presses Tab until `target` has the focus; fails when it cannot be reached that way. */
export async function tabTo(page: Page, target: Locator, most = 40): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    if (await target.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`not reached with ${most} presses of Tab`);
}

/** Every rule of WCAG 2.2 A and AA that axe knows, and its good practices: none may be broken, however slightly. */
export async function violations(page: Page, without?: string): Promise<string[]> {
  // No frame of another origin is looked at: without them, axe needs no page of its own to add up what it found.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (without) axe.exclude(without);
  const { violations: found } = await axe
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return found.map(({ impact, id, nodes }) => `${impact}: ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** Keeps a picture for a person to look at. */
export async function keep(page: Page, name: string, fullPage = false): Promise<void> {
  await page.screenshot({ path: `test-artifacts/${name}.png`, fullPage });
}

/** A token to write to the server, made as its administrator makes one. */
export function newToken(): string {
  const made = execFileSync(BINARY, ['--store', STORE, 'token', 'create', `essai ${Date.now()}`, '--json'], { encoding: 'utf8' });
  return (JSON.parse(made) as { token: string }).token;
}

/** South of the Aisne, where zones blanches are wide. */
export const FERE = 'pos=10.50/49.1500/3.6000';

/** Waits until the last change has been computed and painted. */
export async function simulated(page: Page): Promise<void> {
  await expect(page.locator('.simuler__bilan')).not.toHaveAttribute('aria-busy', 'true');
  await settled(page);
}

/** The fragment without the view's position. */
export function scenarioOf(page: Page): string | null {
  return new URLSearchParams(new URL(page.url()).hash.slice(1)).get('essai');
}
