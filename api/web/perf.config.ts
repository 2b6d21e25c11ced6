import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** What scripts/paint/run measures: the same server and browser as the tests, on a slow link and a slow processor. */
export default defineConfig({
  ...base,
  testDir: 'perf',
  workers: 1, // what is measured is alone
  projects: [
    { name: 'bureau', use: { viewport: { width: 1440, height: 900 } } },
    { name: 'téléphone', use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
});
