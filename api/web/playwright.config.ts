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

export const BINARY = binary;
/** The store of the demonstration that is served. */
export const STORE = 'test-artifacts/demo.gpkg';

const address = `127.0.0.1:${process.env['MAILLAGE_PORT'] ?? '8431'}`;

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Two maps at a time: each is drawn in software, on a processor of its own.
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://${address}/`,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    screenshot: 'only-on-failure',
    // Flights are drawn frame by frame in software and change nothing that is looked at: those
    // who asked for less motion have none, and the tests with them, but where motion is tried.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        // Without a GPU, the page around the map is put together faster by the processor itself
        // than by a GPU that it imitates: opening the map takes 3 s of processor instead of 4.
        '--disable-gpu-compositing',
        '--disable-gpu-rasterization',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
      ],
    },
  },
  projects: [
    // Tagged: what the other size would only say again.
    { name: 'bureau', use: { viewport: { width: 1440, height: 900 } }, testIgnore: /phone|alone/, grepInvert: /@téléphone/ },
    { name: 'téléphone', use: { viewport: { width: 390, height: 844 }, hasTouch: true }, testMatch: /phone|axe|journeys/, grepInvert: /@bureau/ },
    // What is measured, once nothing is drawn beside.
    { name: 'seul', use: { viewport: { width: 1440, height: 900 } }, testMatch: /alone/, dependencies: ['bureau', 'téléphone'] },
  ],
  webServer: {
    // The store stays for those that export from it.
    command: `rm -f ${STORE}* && mkdir -p test-artifacts && "${binary}" demo --store ${STORE} --addr ${address}`,
    url: `http://${address}/readyz`,
    timeout: 120_000,
    stdout: 'ignore',
    stderr: 'pipe',
  },
});
