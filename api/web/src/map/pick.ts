/** What lies under a click: the nearest lieu, else a name, a painted cell, or the EPCI below. */
import type { Map as MapLibre, MapGeoJSONFeature, PointLike } from 'maplibre-gl';
import type { Selection } from '../shared/state.ts';
import type { AreaLevel } from '../shared/need_state.ts';
import { areaLayerIds, CELL_LAYERS, LABEL_LAYERS, LABEL_TYPES } from './style.ts';

/** A lieu comes as its position in the edition's list and its name. */
export type Pick = Selection | { readonly kind: 'lieu-at'; readonly index: number; readonly nom: string; readonly id?: string };

/** How far from a symbol a finger may land, CSS pixels. */
const REACH = 8;

/** What is picked at a point, CSS pixels of the view, with the cell that it is, if it is one; `cells` tells which rows may be, `areas` the level that is painted in their place. */
export function pickAt(
  map: MapLibre,
  point: readonly [x: number, y: number],
  cells: (row: number) => boolean,
  areas: AreaLevel | null,
): { readonly pick: Pick; readonly cell?: MapGeoJSONFeature } | undefined {
  const [x, y] = point;
  const around: [PointLike, PointLike] = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
  const lieu = map.queryRenderedFeatures(around, { layers: ['lieux'] })[0];
  if (lieu) return { pick: lieuPick(lieu) };

  const label = map.queryRenderedFeatures([x, y], { layers: LABEL_LAYERS })[0];
  if (label) return { pick: { kind: 'territoire', id: `${LABEL_TYPES[label.layer.id]}:${label.properties['code']}` } };

  if (areas) {
    const area = map.queryRenderedFeatures([x, y], { layers: [areaLayerIds(areas)[0]] })[0];
    return area && { pick: { kind: 'territoire', id: `${areas}:${area.properties['code']}` } };
  }

  const cell = map.queryRenderedFeatures([x, y], { layers: [...CELL_LAYERS] }).find(({ id }) => cells(Number(id)));
  if (cell) return { pick: { kind: 'maille', id: String(cell.id) }, cell };

  const epci = map.queryRenderedFeatures([x, y], { layers: ['epci-area'] })[0];
  return epci && { pick: { kind: 'territoire', id: `epci:${epci.properties['code']}` } };
}

function lieuPick({ id, properties }: MapGeoJSONFeature): Pick {
  const own: unknown = properties['ref'];
  return {
    kind: 'lieu-at',
    index: Number(id),
    nom: String(properties['nom']),
    ...(typeof own === 'string' ? { id: own } : {}),
  };
}
