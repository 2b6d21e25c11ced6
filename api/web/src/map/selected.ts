/** The outline of what is selected. */
import type { FilterSpecification, Map as MapLibre, MapGeoJSONFeature } from 'maplibre-gl';
import type { Outline } from '../shared/api.ts';
import type { Selection } from '../shared/state.ts';
import { NOTHING, others } from './style.ts';

export class Selected {
  private layer: string | undefined;
  private shown: Selection | null = null;

  /** `framed`: in a frame of another site, which veils the other territoires; `outlineOf` asks for that of a territoire (`type:code`) that no tiles hold. */
  constructor(
    private readonly map: MapLibre,
    private readonly framed: boolean,
    private readonly outlineOf: (id: string) => Promise<Outline>,
  ) {}

  /** Outlines what is selected; a cell keeps the outline it got when it was picked. */
  async show(selection: Selection | null): Promise<void> {
    this.shown = selection;
    if (this.layer) this.showSelection(this.layer, null);
    this.layer = undefined;
    if (selection?.kind !== 'maille') this.outline([]);
    if (selection?.kind === 'zone') this.highlight('selected-zone', ['==', ['to-string', ['id']], selection.id]);
    if (selection?.kind === 'territoire') {
      const [type, code = ''] = selection.id.split(':');
      if (type !== 'epci' && type !== 'commune') return this.ask(selection);
      this.highlight(`selected-${type}`, ['==', ['to-string', ['get', 'code']], code]);
      if (this.framed) this.map.addLayer(others(type, code), 'zones-outline');
    }
  }

  /** Outlines a territoire of another type, unless something else is selected when its outline comes. */
  private async ask(selection: Selection): Promise<void> {
    // The card asks for the same territoire, and says what is wrong with it if anything is.
    const outline = await this.outlineOf(selection.id).catch(() => undefined);
    if (outline && this.shown === selection) this.outline([outline]);
  }

  outline(features: readonly Pick<MapGeoJSONFeature | Outline, 'geometry'>[]): void {
    const source = this.map.getSource('selection') as { setData(data: unknown): void } | undefined;
    source?.setData({
      type: 'FeatureCollection',
      features: features.map(({ geometry }) => ({ type: 'Feature', properties: {}, geometry })),
    });
  }

  private highlight(layer: string, filter: FilterSpecification): void {
    this.layer = layer;
    this.showSelection(layer, filter);
  }

  private showSelection(layer: string, filter: FilterSpecification | null): void {
    for (const id of [layer, `${layer}-halo`]) {
      this.map.setFilter(id, filter ?? NOTHING);
      this.map.setLayoutProperty(id, 'visibility', filter ? 'visible' : 'none');
    }
  }
}
