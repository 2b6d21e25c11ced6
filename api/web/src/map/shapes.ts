/** What MapLibre gives and wants, in the page's own words. */
import type { MapGeoJSONFeature } from 'maplibre-gl';
import type { Bounds, Edition } from '../shared/api.ts';
import type { Position } from '../shared/state.ts';
import type { CellSource } from './style.ts';

export type Coordinates = readonly number[];

export function ringsOf(geometry: MapGeoJSONFeature['geometry']): readonly (readonly Coordinates[])[] {
  if (geometry.type === 'Polygon') return geometry.coordinates;
  return geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : [];
}

/** Zooms 8 and 9 show resolution 8, so the coarse source holds what is not finer; the fine one holds the finest. */
export function rowsBySource({ cells }: Edition): Record<CellSource, readonly [number, number]> {
  const COARSE = 8;
  const end = (levels: Edition['cells']) => Math.max(0, ...levels.map(({ first, count }) => first + count));
  const finest = cells.at(-1);
  return {
    'cells-coarse': [0, end(cells.filter(({ resolution }) => resolution <= COARSE))],
    'cells-fine': finest ? [finest.first, finest.first + finest.count] : [0, 0],
  };
}

/** Equal but for rounding: 1e-9 degrees is a tenth of a millimetre. */
export function sameView(a: Position, b: Position): boolean {
  const NEAR = 1e-9;
  return Math.abs(a.zoom - b.zoom) < NEAR && Math.abs(a.lat - b.lat) < NEAR && Math.abs(a.lon - b.lon) < NEAR;
}

export function box([west, south, east, north]: Bounds): [[number, number], [number, number]] {
  return [[west, south], [east, north]];
}
