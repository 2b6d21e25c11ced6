/** Territoires painted whole, in the place of the cells: what each has been told, by its code. */
import type { Map as MapLibre } from 'maplibre-gl';
import { AREA_LEVELS, type AreaLevel } from '../shared/need_state.ts';
import { AREA_SOURCE, areaLayerIds, CELL_SOURCES } from './style.ts';

/** The zoom from which lieux show over territoires. */
const LIEUX_ZOOM = 9;

export class Areas {
  private level: AreaLevel | null = null;
  private readonly told: Readonly<Record<AreaLevel, Map<string, number>>> = { commune: new Map(), epci: new Map() };

  constructor(private readonly map: MapLibre) {}

  /** The level that is shown; null: cells are. */
  get shown(): AreaLevel | null {
    return this.level;
  }

  /** Shows the territoires of a level in the place of the cells, or (null) the cells again. */
  show(level: AreaLevel | null): void {
    if (level === this.level) return;
    this.level = level;
    const see = (id: string, shown: boolean) => this.map.setLayoutProperty(id, 'visibility', shown ? 'visible' : 'none');
    for (const one of AREA_LEVELS) for (const id of areaLayerIds(one)) see(id, one === level);
    for (const source of CELL_SOURCES) for (const id of [source, `${source}-hatch`]) see(id, level === null);
    see('zones-outline', level === null); // zones blanches are of cells
    // From afar, lieux would hide communes that are no larger than they are.
    this.map.setLayerZoomRange('lieux', level === null ? 0 : LIEUX_ZOOM, 24);
  }

  /** Tells each territoire its paint code; only those that change are told. */
  paint(level: AreaLevel, codes: ReadonlyMap<string, number>): void {
    const told = this.told[level];
    const source = AREA_SOURCE[level];
    for (const [id, v] of codes) {
      if (told.get(id) === v) continue;
      told.set(id, v);
      this.map.setFeatureState({ source, sourceLayer: source, id }, { v });
    }
  }
}
