import { afterEach, describe, expect, test, vi } from 'vitest';
import { Api, Problem, Unreachable, siteFile } from './api.ts';
import { DEFAULTS } from './state.ts';

const BASE = 'https://carte.example/maillage/#t=20';

afterEach(() => vi.unstubAllGlobals());

/** Answers every request with the next of `replies`, and keeps the addresses asked for. */
function serve(...replies: (Response | Error)[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: URL) => {
    asked.push(address.href);
    const reply = replies.shift();
    if (!reply || reply instanceof Error) throw reply ?? new Error('no reply left');
    return reply;
  });
  return asked;
}

const json = (body: unknown, init?: ResponseInit) => new Response(JSON.stringify(body), init);

describe('addresses', () => {
  test('stay below the path the page is served from', async () => {
    const asked = serve(json({ territoires: [{ code: '02' }] }));
    await new Api(BASE).getDepartement(DEFAULTS);
    expect(asked).toEqual([
      'https://carte.example/maillage/api/v1/gaps?service=tous&mode=car&cutoff=15&min_hours=17.5&level=departement',
    ]);
  });

  test('of tiles keep their braces, and only those of the zones ask a question', () => {
    const api = new Api(BASE);
    expect(api.tiles('cells')).toBe('https://carte.example/maillage/tiles/cells/{z}/{x}/{y}.mvt');
    expect(api.zoneTiles(DEFAULTS)).toBe(
      'https://carte.example/maillage/tiles/zones/{z}/{x}/{y}.mvt?service=tous&mode=car&cutoff=15',
    );
  });

  test('of a column carry only what its values depend on', async () => {
    const asked = serve(...Array.from({ length: 6 }, () => new Response(new ArrayBuffer(1))));
    const api = new Api(BASE);
    for (const mesure of ['classe', 'minutes', 'heures', 'personnes', 'ifn', 'agir'] as const) await api.getColumn(mesure, DEFAULTS);
    expect(asked.map((address) => address.split('?')[1])).toEqual([
      'service=tous&mode=car&cutoff=15&min_hours=17.5&mesure=classe',
      'service=tous&mode=car&mesure=minutes',
      'service=tous&mode=car&cutoff=15&mesure=heures',
      'mesure=personnes',
      'mesure=ifn',
      'service=tous&mode=car&cutoff=15&min_hours=17.5&mesure=agir',
    ]);
  });
});

test('appointments are asked for only when they count', async () => {
  const asked = serve(json({ territoires: [] }), new Response(new ArrayBuffer(1)));
  const api = new Api(BASE);
  await api.getGaps('epci', { ...DEFAULTS, rendezVous: true });
  await api.getColumn('heures', { ...DEFAULTS, rendezVous: true });
  expect(asked.map((address) => new URL(address).searchParams.get('rendez_vous'))).toEqual(['oui', 'oui']);
});

describe('errors', () => {
  test('speak with the sentence of the problem', async () => {
    serve(json({ detail: 'Le mode « avion » n’existe pas.', id: 'r-42' }, { status: 400 }));
    await expect(new Api(BASE).getZones(DEFAULTS)).rejects.toEqual(new Problem(400, 'Le mode « avion » n’existe pas.', 'r-42'));
  });

  test('do without one when the reply is not a problem', async () => {
    serve(new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' }));
    await expect(new Api(BASE).getZones(DEFAULTS)).rejects.toEqual(new Problem(502, 'Bad Gateway', undefined));
  });

  test('tell a server that cannot be reached', async () => {
    serve(new TypeError('Failed to fetch'));
    await expect(new Api(BASE).getEdition()).rejects.toBeInstanceOf(Unreachable);
  });

  test('are not kept: the lieux are asked for again', async () => {
    serve(new TypeError('Failed to fetch'), json({ features: [{ properties: { id: 'a' } }] }));
    const api = new Api(BASE);
    await expect(api.getLieux()).rejects.toBeInstanceOf(Unreachable);
    expect(await api.getLieux()).toHaveLength(1);
    expect(await api.getLieux()).toHaveLength(1);
  });
});

test('a reply of another edition than the first is refused', async () => {
  const of = (edition: string) => json({ territoires: [{ code: '02' }] }, { headers: { 'X-Maillage-Edition': edition } });
  serve(of('a'), of('a'), of('b'), of('a'));
  const api = new Api(BASE);
  for (let request = 0; request < 2; request += 1) await api.getDepartement(DEFAULTS);
  await expect(api.getDepartement(DEFAULTS)).rejects.toThrow('edition a shown, b answered');
  expect(await api.getDepartement(DEFAULTS)).toMatchObject({ code: '02' });
});

test('a request has a file of its own in a site', () => {
  expect(siteFile('api/v1/edition')).toBe('api/v1/edition.json');
  expect(siteFile('api/v1/gaps?service=tous&min_hours=17.5&level=commune&territoire=epci%3A200072031')).toBe(
    'api/v1/gaps/service-tous_min_hours-17.5_level-commune_territoire-epci-200072031.json',
  );
  expect(siteFile('api/v1/acces?mesure=classe')).toBe('api/v1/acces/mesure-classe.bin');
});
