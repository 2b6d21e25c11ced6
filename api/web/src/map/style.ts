/**
 * The map's style: which layers lie over which, and what they look like. It
 * is built once; later changes only touch feature states, filters and the
 * address of the zones.
 *
 * From the ground up: paper, optional basemap, cells, hatching, roads,
 * borders, outlines of zones blanches, selection, lieux, labels.
 */
import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from 'maplibre-gl';
import type { Edition } from '../shared/api.ts';
import { CHANGED, COLOURS, HATCHED, OUTSIDE_OPACITY, PALETTE, TRANSPARENT } from '../shared/palette.ts';
import { LAYERS } from '../shared/legend.gen.ts';
import { lineLayers } from './lines.ts';
import { AREA_LEVELS, type AreaLevel } from '../shared/need_state.ts';
import { SERVICES, type Service } from '../shared/state.ts';

/** Where the style finds its tiles. */
export type Tiles = Readonly<Record<Layer, string>> & { readonly basemap: string | undefined };
type Layer = keyof typeof LAYERS;

/**
 * The cells come twice: the coarse resolutions up to zoom 9, the finest from
 * zoom 10. A tile that arrives is given the state of every row its source
 * knows, so keeping the thousands of coarse rows apart from the tens of
 * thousands of fine ones is what keeps the first view quick.
 */
export const CELL_SOURCES = ['cells-coarse', 'cells-fine'] as const;
export type CellSource = (typeof CELL_SOURCES)[number];
export const FINE_ZOOM = 10;

const PAPER = PALETTE['paper-map'];
const OUTSIDE = PALETTE.outside;
const INK = PALETTE.ink;
const ZONE = PALETTE.zone;
const ROAD = PALETTE.road;

/** Drawn by the browser with the fonts of the system: no glyphs are fetched. */
const FONT = ['system-ui', 'sans-serif'];
const BOLD = ['System Bold', 'system-ui', 'sans-serif'];

/** What a cell was told: its paint code, and {@link CHANGED} when a simulation changes it. */
const TOLD: ExpressionSpecification = ['coalesce', ['feature-state', 'v'], TRANSPARENT];
const CODE: ExpressionSpecification = ['%', TOLD, CHANGED];

/** The colour of a code, and whether it is hatched. */
const PAINTED = ['match', CODE, ...[...COLOURS].flat(), 'rgba(0,0,0,0)'] as unknown as ExpressionSpecification;
const IS_HATCHED: ExpressionSpecification = ['match', CODE, [...HATCHED], 1, 0];

export function mapStyle(tiles: Tiles, edition: Edition): StyleSpecification {
  return {
    version: 8,
    sources: sources(tiles, edition),
    layers: [
      { id: 'outside', type: 'background', paint: { 'background-color': OUTSIDE } },
      { id: 'paper', type: 'fill', source: 'epci', 'source-layer': 'epci', paint: { 'fill-color': PAPER, 'fill-antialias': false } },
      ...basemapLayers(tiles),
      ...cellLayers(tiles.basemap ? 0.72 : 1),
      ...areaLayers(tiles.basemap ? 0.72 : 1),
      ...roadLayers(),
      ...borderLayers(),
      ...(hasTimetables(edition) ? lineLayers() : []),
      ...zoneLayers(),
      ...selectionLayers(),
      ...tourLayers(),
      lieuLayer(),
      ...labelLayers(),
    ],
  };
}

/** Whether an edition has lines and stops. */
export function hasTimetables({ params }: Edition): boolean {
  return params.modes.some(({ code }) => code === 'transit');
}

function sources(tiles: Tiles, edition: Edition): Record<string, SourceSpecification> {
  const bounds = [...edition.bounds] as [number, number, number, number];
  const vector = (layer: Layer, { minzoom, maxzoom }: { minzoom: number; maxzoom: number } = LAYERS[layer]): SourceSpecification => ({
    type: 'vector',
    tiles: [tiles[layer]],
    bounds,
    minzoom,
    maxzoom,
  });
  return {
    'cells-coarse': vector('cells', { minzoom: LAYERS.cells.minzoom, maxzoom: FINE_ZOOM - 1 }),
    'cells-fine': vector('cells', { minzoom: FINE_ZOOM, maxzoom: LAYERS.cells.maxzoom }),
    zones: vector('zones'),
    // Territoires are told their colours by their code: see areas.ts.
    epci: { ...vector('epci'), promoteId: 'code' } as SourceSpecification,
    communes: { ...vector('communes'), promoteId: 'code' } as SourceSpecification,
    roads: vector('roads'),
    lieux: vector('lieux'),
    ...(hasTimetables(edition) ? { lignes: vector('lignes'), arrets: vector('arrets') } : {}),
    tours: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
    selection: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
    secteurs: {
      type: 'geojson',
      data: {
        type: 'FeatureCollection',
        features: (edition.secteurs ?? []).map(({ code, nom, lon, lat }) => ({
          type: 'Feature',
          properties: { code, nom },
          geometry: { type: 'Point', coordinates: [lon, lat] },
        })),
      },
    },
    ...(tiles.basemap ? { basemap: { type: 'raster', tiles: [tiles.basemap], tileSize: 256 } } : {}),
  };
}

function basemapLayers({ basemap }: Tiles): LayerSpecification[] {
  return basemap ? [{ id: 'basemap', type: 'raster', source: 'basemap', paint: { 'raster-saturation': -0.6 } }] : [];
}

/** Layers that a click on a cell looks into. */
export const CELL_LAYERS = CELL_SOURCES;

function cellLayers(opacity: number): LayerSpecification[] {
  return CELL_SOURCES.flatMap((source): LayerSpecification[] => {
    const place = {
      type: 'fill',
      source,
      'source-layer': 'cells',
      ...(source === 'cells-fine' ? { minzoom: FINE_ZOOM } : { maxzoom: FINE_ZOOM }),
    } as const;
    // Without antialiasing, neighbours meet with no paper-coloured seam.
    return [
      { id: source, ...place, paint: { 'fill-color': PAINTED, 'fill-opacity': opacity, 'fill-antialias': false } },
      { id: `${source}-hatch`, ...place, paint: { 'fill-pattern': 'hatch', 'fill-opacity': IS_HATCHED, 'fill-antialias': false } },
    ];
  });
}

/** The source, and its layer, of the territoires of a level. */
export const AREA_SOURCE: Readonly<Record<AreaLevel, 'communes' | 'epci'>> = { commune: 'communes', epci: 'epci' };

/** The layers of the territoires of a level: colours, then hatching. */
export function areaLayerIds(level: AreaLevel): readonly [string, string] {
  return [`areas-${level}`, `areas-${level}-hatch`];
}

/** Territoires painted whole, hidden until a view asks for them. */
function areaLayers(opacity: number): LayerSpecification[] {
  return AREA_LEVELS.flatMap((level): LayerSpecification[] => {
    const [id, hatch] = areaLayerIds(level);
    const place = { type: 'fill', source: AREA_SOURCE[level], 'source-layer': AREA_SOURCE[level], layout: { visibility: 'none' } } as const;
    return [
      { id, ...place, paint: { 'fill-color': PAINTED, 'fill-opacity': opacity, 'fill-outline-color': 'rgba(255,255,255,0.35)' } },
      { id: hatch, ...place, paint: { 'fill-pattern': 'hatch', 'fill-opacity': IS_HATCHED, 'fill-antialias': false } },
    ];
  });
}

/**
 * Outlines of the cells that a simulation changes, for the layers of cells. Set
 * only while changes are tried: they cost a value for each corner of each cell.
 */
export const CHANGED_OUTLINE: ExpressionSpecification = ['case', ['>=', TOLD, CHANGED], INK, 'rgba(0,0,0,0)'];

/** The way of a bus that is being drawn, as the crow flies. */
function tourLayers(): LayerSpecification[] {
  const line = { type: 'line', source: 'tours', layout: { 'line-join': 'round', 'line-cap': 'round' } } as const;
  return [
    { id: 'tours-halo', ...line, paint: { 'line-color': PALETTE.paper, 'line-width': 5 } },
    { id: 'tours', ...line, paint: { 'line-color': INK, 'line-width': 2, 'line-dasharray': [2, 2] } },
  ];
}

function roadLayers(): LayerSpecification[] {
  const road = (id: string, classes: readonly number[], minzoom: number, width: readonly [number, number]): LayerSpecification => ({
    id: `roads-${id}`,
    type: 'line',
    source: 'roads',
    'source-layer': 'roads',
    minzoom,
    filter: ['in', ['get', 'class'], ['literal', [...classes]]],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': ROAD,
      'line-opacity': 0.4,
      'line-width': ['interpolate', ['linear'], ['zoom'], 7, width[0], 13, width[1]],
    },
  });
  return [
    road('local', [5], 12, [0.2, 0.8]),
    road('tertiary', [4], 10.5, [0.2, 1.2]),
    road('secondary', [3], 9, [0.3, 1.8]),
    road('primary', [2], 7, [0.5, 2.4]),
    road('motorway', [1], 5, [0.9, 3.6]),
  ];
}

function borderLayers(): LayerSpecification[] {
  return [
    {
      id: 'communes-border',
      type: 'line',
      source: 'communes',
      'source-layer': 'communes',
      minzoom: 9,
      paint: { 'line-color': INK, 'line-opacity': 0.22, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.4, 13, 1.2] },
    },
    {
      id: 'epci-border',
      type: 'line',
      source: 'epci',
      'source-layer': 'epci',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': INK, 'line-opacity': 0.62, 'line-width': ['interpolate', ['linear'], ['zoom'], 7, 0.8, 12, 2] },
    },
    // Invisible, but there to be clicked where nobody lives.
    { id: 'epci-area', type: 'fill', source: 'epci', 'source-layer': 'epci', paint: { 'fill-color': '#000', 'fill-opacity': 0 } },
  ];
}

function zoneLayers(): LayerSpecification[] {
  // From afar the colour of the cells says it all, and so many small outlines would darken it.
  const line = { type: 'line', source: 'zones', 'source-layer': 'zones', minzoom: FINE_ZOOM - 1 } as const;
  return [
    { id: 'zones-outline', ...line, paint: { 'line-color': ZONE, 'line-width': ['interpolate', ['linear'], ['zoom'], 9, 0.6, 12, 2] } },
  ];
}

/** A veil over the territoires of a level that are not the one with this code. */
export function others(type: 'epci' | 'commune', code: string): LayerSpecification {
  const source = type === 'epci' ? 'epci' : 'communes';
  return {
    id: 'others',
    type: 'fill',
    source,
    'source-layer': source,
    filter: ['!=', ['to-string', ['get', 'code']], code],
    paint: { 'fill-color': OUTSIDE, 'fill-opacity': 0.72, 'fill-antialias': false },
  };
}

/** A filter that nothing passes, for the selection layers at rest. */
export const NOTHING: FilterSpecification = ['==', ['literal', 1], 0];

/** A white line under a dark one reads on every colour of the map. Hidden, they ask for no tiles. */
function selectionLayers(): LayerSpecification[] {
  const targets = [
    { id: 'selected-zone', source: 'zones', 'source-layer': 'zones', filter: NOTHING },
    { id: 'selected-epci', source: 'epci', 'source-layer': 'epci', filter: NOTHING },
    { id: 'selected-commune', source: 'communes', 'source-layer': 'communes', filter: NOTHING },
    { id: 'selected-cell', source: 'selection' },
  ];
  return targets.flatMap(({ id, ...target }): LayerSpecification[] => {
    const line = { type: 'line', ...target, layout: { visibility: id === 'selected-cell' ? 'visible' : 'none' } } as const;
    return [
      { id: `${id}-halo`, ...line, paint: { 'line-color': PALETTE.paper, 'line-width': byZoom(4.4, 6) } },
      { id, ...line, paint: { 'line-color': INK, 'line-width': byZoom(2.2, 3) } },
    ];
  });
}

/** A width that grows as one comes nearer. */
function byZoom(far: number, near: number): ExpressionSpecification {
  return ['interpolate', ['linear'], ['zoom'], 8, far, 11, near];
}

function lieuLayer(): LayerSpecification {
  return {
    id: 'lieux',
    type: 'symbol',
    source: 'lieux',
    'source-layer': 'lieux',
    layout: {
      'icon-image': lieuImage('tous'),
      'icon-size': lieuSize('tous'),
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
    },
    // Lieux outside count, and are none of the territoire's: lighter.
    paint: { 'icon-opacity': ['case', ['to-boolean', ['get', 'outside']], OUTSIDE_OPACITY, 1] },
  };
}

/** What a lieu that offers the service is drawn with, and one that must be asked whether it does. */
export function lieuImage(service: Service): ExpressionSpecification {
  return [
    'concat',
    ['match', ['get', 'kind'], 'arret', 'arret', 'lieu'],
    ['case', ['!', offered(service)], '-ask', ['to-boolean', ['get', 'known']], '-known', '-unknown'],
  ];
}

/** Lieux to ask lie below those that are known to help. */
export function lieuOrder(service: Service): ExpressionSpecification {
  return ['case', offered(service), 1, 0];
}

/** Lieux to ask are many: small from afar. */
export function lieuSize(service: Service): ExpressionSpecification {
  const size = (known: number, ask: number): ExpressionSpecification => ['case', offered(service), known, ask];
  return ['interpolate', ['linear'], ['zoom'], 7, size(0.42, 0.3), 9, size(0.62, 0.46), 12, 1];
}

/** How lieux that are not looked for are dimmed (null: none is), over the opacity that each has by itself. */
const DIMMED = 0.22;
export function lieuOpacity(ids: readonly string[] | null, own: ExpressionSpecification | number): ExpressionSpecification | number {
  if (!ids) return own;
  return ['*', own, ids.length === 0 ? DIMMED : ['match', ['get', 'ref'], [...ids], 1, DIMMED]];
}

/**
 * Lieux that offer the service or may: those whose source names no service at all and, of a
 * service that no source names, all.
 */
export function offers(service: Service, unnamed: boolean): FilterSpecification {
  return unnamed ? ['==', ['literal', 1], 1] : ['any', ['!', ['has', 's']], offered(service)];
}

/**
 * Whether a lieu is known to offer the service, or any of them. Bit k of `s` stands for the
 * k-th service; the style language has no bitwise operators, so the bit is read by division.
 */
function offered(service: Service): ExpressionSpecification {
  const mask: ExpressionSpecification = ['coalesce', ['get', 's'], 0];
  if (service === 'tous') return ['>', mask, 0];
  const bit = SERVICES.indexOf(service);
  return ['==', ['%', ['floor', ['/', mask, 2 ** bit]], 2], 1];
}

/** Layers whose text can be clicked. */
export const LABEL_LAYERS = ['secteurs-labels', 'epci-labels', 'communes-labels'];

/** The kind of territoire that a label names. */
export const LABEL_TYPES: Readonly<Record<string, string>> = {
  'secteurs-labels': 'secteur',
  'epci-labels': 'epci',
  'communes-labels': 'commune',
};

/** The last layer is placed first: secteurs win over EPCI, EPCI over communes, and big communes over small ones. */
function labelLayers(): LayerSpecification[] {
  const halo = { 'text-halo-color': 'rgba(255,255,255,0.92)', 'text-halo-width': 1.6, 'text-halo-blur': 0.3 };
  const bigFirst: ExpressionSpecification = ['-', 0, ['coalesce', ['get', 'population'], 0]];
  return [
    {
      id: 'communes-labels',
      type: 'symbol',
      source: 'communes',
      'source-layer': 'communes_labels',
      minzoom: 8,
      filter: [
        '>=',
        ['coalesce', ['get', 'population'], 0],
        ['step', ['zoom'], 9000, 8.6, 3500, 9.3, 1500, 10, 600, 10.7, 200, 11.3, 0],
      ],
      layout: {
        'text-field': ['get', 'nom'],
        'text-font': FONT,
        'text-size': [
          'interpolate', ['linear'], ['zoom'],
          8, ['step', ['coalesce', ['get', 'population'], 0], 10, 20000, 12],
          12, ['step', ['coalesce', ['get', 'population'], 0], 11.5, 2000, 13, 10000, 16],
        ],
        'text-max-width': 8,
        'text-padding': 4,
        'symbol-sort-key': bigFirst,
      },
      paint: { 'text-color': INK, ...halo },
    },
    {
      id: 'epci-labels',
      type: 'symbol',
      source: 'epci',
      'source-layer': 'epci_labels',
      maxzoom: 10.5,
      layout: {
        'text-field': ['get', 'nom'],
        'text-font': BOLD,
        'text-size': ['interpolate', ['linear'], ['zoom'], 7, 9.5, 9, 12],
        'text-max-width': 8,
        'text-padding': 6,
        'symbol-sort-key': bigFirst,
      },
      paint: { 'text-color': PALETTE['ink-label'], ...halo },
    },
    // The secteurs that the roadmap names, so that they are found at first sight.
    {
      id: 'secteurs-labels',
      type: 'symbol',
      source: 'secteurs',
      maxzoom: 11,
      layout: {
        'text-field': ['get', 'nom'],
        'text-font': BOLD,
        'text-size': ['interpolate', ['linear'], ['zoom'], 7, 11.5, 9, 14],
        'text-max-width': 9,
        'text-padding': 2,
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
        'text-radial-offset': 0.5,
      },
      paint: { 'text-color': PALETTE.black, 'text-halo-color': PALETTE.paper, 'text-halo-width': 2.2 },
    },
  ];
}
