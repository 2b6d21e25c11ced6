import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';
import { en } from './src/shared/en.ts';
import { fr } from './src/shared/fr.ts';
import { PALETTE } from './src/shared/legend.gen.ts';

type Catalogue = typeof en;

/** index.html with the words of a catalogue: `{{page.key}}`, an option per service and a radio per choice. */
function filled(html: string, words: Catalogue): string {
  const page: Readonly<Record<string, string>> = words.page;
  const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const radios = (name: string, labels: Readonly<Record<string, string>>) =>
    Object.entries(labels)
      .map(([value, label]) => `<label><input type="radio" name="${name}" value="${value}"><span>${escape(label)}</span></label>`)
      .join('\n');
  const blocks: Readonly<Record<string, string>> = {
    services: Object.entries(words.services)
      .map(([code, label]) => `<option value="${code}">${escape(label)}</option>`)
      .join('\n'),
    modes: radios('mode', words.modes),
    vues: radios('vue', words.views),
    niveaux: radios('niveau', words.levels),
    loading: escape(words.headline.loading),
    mapLoading: escape(words.map.loading),
    tableOpen: escape(words.table.open),
    filter: escape(words.table.filter),
    retry: escape(words.errors.retry),
  };
  const colours: Readonly<Record<string, string>> = PALETTE;
  return html.replace(/\{\{(?:(page|palette)\.)?(\w+)\}\}/g, (whole: string, home: string | undefined, key: string) => {
    const text = home === 'page' ? page[key] && escape(page[key]) : home === 'palette' ? colours[key] : blocks[key];
    if (text === undefined) throw new Error(`index.html: ${whole}: not in the catalogue`);
    return text;
  });
}

/** Makes one page per language of index.html; the others have their code for a name. */
function pages(): Plugin {
  return {
    name: 'maillage-pages',
    enforce: 'post',
    transformIndexHtml: (html, { server }) => (server ? filled(html, fr) : html),
    generateBundle(_, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') return; // of embeds
      const html = String(page.source);
      page.source = filled(html, fr);
      this.emitFile({ type: 'asset', fileName: 'en.html', source: filled(html.replace('lang="fr"', 'lang="en"'), en) });
    },
  };
}

/** Writes scripts and styles compressed with Brotli beside each: a sixth smaller than gzip at its best, too slow to do on a server. */
function brotli(): Plugin {
  return {
    name: 'maillage-brotli',
    writeBundle: ({ dir = '' }, bundle) => {
      for (const file of Object.values(bundle)) {
        if (!/\.(js|css)$/.test(file.fileName)) continue;
        const source = file.type === 'chunk' ? file.code : file.source;
        writeFileSync(join(dir, `${file.fileName}.br`), brotliCompressSync(Buffer.from(source)));
      }
    },
  };
}

// The built page is served under any path (relative base) with
// `script-src 'self'`: nothing is inlined, and MapLibre's worker is a file of
// its own, renamed to .js so that every server knows its media type.
export default defineConfig({
  base: './',
  plugins: [pages(), brotli()],
  build: {
    // Where web.go embeds it from; public/.keep keeps the folder in the repository.
    outDir: 'static',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    // Says to the server which file the entry of embeds became.
    manifest: '.manifest.json',
    rolldownOptions: {
      input: { index: 'index.html', frame: 'src/embed/frame.ts', component: 'src/embed/component.ts' },
      output: {
        // Other sites name this one in their pages, for years.
        entryFileNames: ({ name }) => (name === 'component' ? 'embed.js' : 'assets/[name]-[hash].js'),
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith('.mjs')) ? 'assets/[name]-[hash].js' : 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/tiles'].map((path) => [path, process.env['MAILLAGE_URL'] ?? 'http://127.0.0.1:8080']),
    ),
  },
  test: { include: ['src/**/*.test.ts'] },
});
