/** What the tests of simulations share. */
import type { Page } from '@playwright/test';
import { CLASS_COLOURS } from '../src/shared/palette.ts';
import { expect, find, look, open, settled } from './carte.ts';

/** Opens the page, then the mode that tries changes. */
export async function start(page: Page, fragment = ''): Promise<void> {
  await open(page, fragment);
  await page.locator('#simuler-bouton').click();
  await expect(page.locator('#simuler h2')).toHaveText('Que voulez-vous essayer ?');
  await settled(page);
}

/** Chooses a tool. */
export async function use(page: Page, name: string): Promise<void> {
  await page.locator('#simuler').getByRole('button', { name }).first().click();
}

/** A zone blanche on the free part of the map, in pixels of the stage. */
export async function blank(page: Page): Promise<{ x: number; y: number }> {
  return find((await look(page)).png, CLASS_COLOURS.blanche, 14);
}

/** How many pixels of changed cells lie over the map; undefined when nothing does. */
export function sketched(page: Page): Promise<number | undefined> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.map__sketch');
    if (!canvas || canvas.hidden) return undefined;
    return canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.filter((value, at) => at % 4 === 3 && value > 0).length;
  });
}
