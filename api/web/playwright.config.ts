import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/**
 * The real server, the real page, a real Chromium.
 *
 *   MAILLAGE_BIN   the server's binary, with the page built in (required)
 *   CHROMIUM       the browser (default: Debian's)
 *   MAILLAGE_PORT  a free port (default 8431)
 */
const binary = process.env['MAILLAGE_BIN'];
if (!binary) throw new Error('MAILLAGE_BIN: the path of the maillage binary is needed; run: make web build');

const port = process.env['MAILLAGE_PORT'] ?? '8431';
const address = `127.0.0.1:${port}`;

/** Where the server keeps what it is told; a test makes its token there. */
export const store = join(tmpdir(), `maillage-e2e-${port}.gpkg`);

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // One map at a time: it is drawn in software, and each uses a whole processor.
  workers: 1,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://${address}/`,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
      ],
    },
  },
  projects: [
    { name: 'bureau', use: { viewport: { width: 1440, height: 900 } }, testIgnore: /phone/ },
    { name: 'téléphone', use: { viewport: { width: 390, height: 844 }, hasTouch: true }, testMatch: /phone|axe/ },
  ],
  webServer: {
    command: `rm -f "${store}"* && exec "${binary}" demo --addr ${address} --store "${store}"`,
    url: `http://${address}/readyz`,
    timeout: 120_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
});
