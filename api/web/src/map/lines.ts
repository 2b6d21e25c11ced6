/** Lines and stops of the timetables: a quiet layer over the roads, shown by transit alone, while a person wants it. */
import { type ControlPosition, type IControl, type LayerSpecification, type Map as MapLibre, type MapLayerMouseEvent, Popup } from 'maplibre-gl';
import { PALETTE } from '../shared/palette.ts';
import { element } from '../shared/element.ts';
import { terms } from '../transit/words.ts';

const FONT = ['system-ui', 'sans-serif'];
const LINES = ['lignes', 'arrets', 'lignes-names', 'arrets-names'] as const;

/** What is drawn, hidden until it is asked for. */
export function lineLayers(): LayerSpecification[] {
  const layout = { visibility: 'none' } as const;
  return [
    {
      id: 'lignes',
      type: 'line',
      source: 'lignes',
      'source-layer': 'lignes',
      layout: { ...layout, 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': PALETTE.accent,
        'line-opacity': 0.55,
        'line-width': ['interpolate', ['linear'], ['zoom'], 7, 0.6, 13, 2.4],
      },
    },
    {
      id: 'arrets',
      type: 'circle',
      source: 'arrets',
      'source-layer': 'arrets',
      layout,
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 1.8, 14, 5],
        // Nobody boards where no street leads: such a stop is a hollow one.
        'circle-color': ['case', ['==', ['get', 'hors_rue'], true], 'rgba(0,0,0,0)', PALETTE.paper],
        'circle-stroke-color': PALETTE.accent,
        'circle-stroke-width': 1.3,
        'circle-stroke-opacity': ['case', ['==', ['get', 'hors_rue'], true], 0.45, 1],
      },
    },
    {
      id: 'lignes-names',
      type: 'symbol',
      source: 'lignes',
      'source-layer': 'lignes',
      minzoom: 10,
      layout: { ...layout, 'symbol-placement': 'line', 'symbol-spacing': 300, 'text-field': ['get', 'nom'], 'text-font': FONT, 'text-size': 11 },
      paint: { 'text-color': PALETTE.accent, 'text-halo-color': PALETTE.paper, 'text-halo-width': 1.4 },
    },
    {
      id: 'arrets-names',
      type: 'symbol',
      source: 'arrets',
      'source-layer': 'arrets',
      minzoom: 13,
      layout: { ...layout, 'text-field': ['get', 'nom'], 'text-font': FONT, 'text-size': 10.5, 'text-anchor': 'left', 'text-offset': [0.7, 0] },
      paint: { 'text-color': PALETTE.ink, 'text-halo-color': PALETTE.paper, 'text-halo-width': 1.4 },
    },
  ];
}

/** A button that shows and hides them, there by transit alone; a click on a stop tells of it. */
export class Lines implements IControl {
  private readonly container = element('div', { class: 'maplibregl-ctrl maplibregl-ctrl-group lines-control', hidden: true });
  private readonly toggle = element('button', { type: 'button', 'aria-pressed': 'true', title: terms.traced }, terms.lines);
  private map: MapLibre | undefined;
  private wanted = true;
  private byBus = false;

  onAdd(map: MapLibre): HTMLElement {
    this.map = map;
    this.toggle.addEventListener('click', () => {
      this.wanted = !this.wanted;
      this.show(this.byBus);
    });
    map.on('click', 'arrets', (event) => this.tell(event));
    this.container.append(this.toggle);
    return this.container;
  }

  onRemove(): void {
    this.container.remove();
    this.map = undefined;
  }

  getDefaultPosition(): ControlPosition {
    return 'top-left';
  }

  /** `byBus` is whether the question is by transit. The style must be loaded. */
  show(byBus: boolean): void {
    this.byBus = byBus;
    this.container.hidden = !byBus;
    this.toggle.setAttribute('aria-pressed', String(this.wanted));
    for (const id of LINES) this.map?.setLayoutProperty(id, 'visibility', byBus && this.wanted ? 'visible' : 'none');
  }

  private tell({ features, lngLat }: MapLayerMouseEvent): void {
    const stop = features?.[0]?.properties;
    if (!stop || !this.map) return;
    const { nom, lignes, n, hors_rue: off, modelise } = stop as { nom: string; lignes: string; n: number; hors_rue?: boolean; modelise?: boolean };
    const said = [terms.linesAt(lignes), terms.passages(n), off && terms.offStreet, modelise && terms.modelledStop, terms.traced];
    new Popup({ closeButton: true, maxWidth: '260px' })
      .setLngLat(lngLat)
      .setDOMContent(element('div', { class: 'stop' }, element('b', {}, nom), ...said.map((text) => text && element('p', {}, text))))
      .addTo(this.map);
  }
}
