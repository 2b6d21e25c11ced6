/**
 * The map: MapLibre, loaded apart from the rest of the page because it is six
 * times heavier. It paints what it is told and reports what is picked; it
 * knows nothing of figures.
 */
import 'maplibre-gl/dist/maplibre-gl.css';
import '../css/map.css';
import {
  type FilterSpecification,
  Map as MapLibre,
  type MapGeoJSONFeature,
  NavigationControl,
  type PaddingOptions,
  type PointLike,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { Api, Bounds, Edition, LonLat } from '../shared/api.ts';
import { words } from '../shared/words.ts';
import { TRANSPARENT } from '../shared/palette.ts';
import { type Position, type Selection, type State } from '../shared/state.ts';
import { CELL_LAYERS, type CellSource, CHANGED_OUTLINE, FINE_ZOOM, LABEL_LAYERS, LABEL_TYPES, mapStyle, NOTHING, offers, others } from './style.ts';
import { addMark, type Mark, type MarkOptions } from './mark.ts';
import { HomeControl } from './home_control.ts';
import { box, type Coordinates, lieuPick, ringsOf, rowsBySource, sameView } from './shapes.ts';
import { Sketch } from './sketch.ts';
import { hatchImage, IMAGES, PIXEL_RATIO } from './symbols.ts';

/** What lies under a click. A lieu comes as its position in the edition's list and its name. */
export type Pick = Selection | { readonly kind: 'lieu-at'; readonly index: number; readonly nom: string; readonly id?: string };

export interface MapOptions {
  readonly container: HTMLElement;
  readonly edition: Edition;
  readonly api: Api;
  readonly basemap: string | undefined;
  readonly state: State;
  /** In a frame of another site: what the view is of, instead of the département. */
  readonly frame?: { readonly nom: string; readonly bounds: Bounds };
  readonly onPick: (pick: Pick) => void;
  /** The view has moved; null when it is the whole département again. */
  readonly onMove: (position: Position | null) => void;
}

/** How far from a symbol a finger may land, CSS pixels. */
const REACH = 8;
/** The zoom at which the rows of the finest cells are readied, a little before they show. */
const READY_ZOOM = FINE_ZOOM - 0.4;
const DETAIL_ZOOM = 12;
/** Duration of a move, ms; MapLibre makes it 0 for whoever asked for less motion. */
const FLIGHT = 1100;
const WIDE_SCREEN = 960;
const CARD_WIDTH = 420;
const LEGEND_WIDTH = 350;
/** The panel of a simulation, with the controls of the map beside it. */
const PANEL_WIDTH = 452;
/** On a narrow screen, the share of its height by which the sheet of details overlaps the map; see card.css. */
const SHEET_OVERLAP = 0.14;

export class MapView {
  private readonly map: MapLibre;
  private readonly loaded: Promise<void>;
  private codes: Uint8Array | undefined;
  /** What each source has been told, so that only changed rows are told again. */
  private readonly told: Record<CellSource, Uint8Array>;
  private readonly rowsOf: Record<CellSource, readonly [first: number, end: number]>;
  private selectedLayer: string | undefined;
  private drawnTours = '[]';
  /** Over the map while a hand drags a mark. */
  private sketch: Sketch | undefined;
  /** What is shown left of a share of the width, and where it is drawn; drawn anew wherever the view comes to rest. */
  private curtain: { readonly codes: Uint8Array; readonly share: number } | undefined;
  private curtainSketch: Sketch | undefined;
  private panel = false;
  private receive: ((at: LonLat) => void) | null = null;
  private zoneAddress: string;

  constructor(private readonly options: MapOptions) {
    const { container, edition, api, basemap, state } = options;
    setWorkerUrl(workerUrl);
    this.zoneAddress = api.zoneTiles(state);
    this.rowsOf = rowsBySource(edition);
    const rows = Math.max(...Object.values(this.rowsOf).map(([, end]) => end));
    this.told = { 'cells-coarse': new Uint8Array(rows), 'cells-fine': new Uint8Array(rows) };
    const tiles = {
      cells: api.tiles('cells'),
      zones: this.zoneAddress,
      epci: api.tiles('epci'),
      communes: api.tiles('communes'),
      roads: api.tiles('roads'),
      lieux: api.tiles('lieux'),
      basemap,
    };
    this.map = new MapLibre({
      container,
      style: mapStyle(tiles, edition),
      locale: words.map.controls,
      attributionControl: false,
      minZoom: 6,
      maxZoom: 15,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 150,
      // The page around a frame scrolls: one finger, or the wheel alone, must not be caught.
      cooperativeGestures: this.options.frame !== undefined,
      ...(state.position
        ? { center: [state.position.lon, state.position.lat], zoom: state.position.zoom }
        : { bounds: box(this.whole().bounds), fitBoundsOptions: { padding: this.homePadding() } }),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.addControls();
    this.listen();
    this.loaded = new Promise((resolve) => {
      this.map.once('style.load', () => {
        for (const [name, image] of Object.entries(IMAGES)) this.map.addImage(name, image(), { pixelRatio: PIXEL_RATIO });
        this.map.setFilter('lieux', offers(state.service));
        resolve();
      });
    });
  }

  /** Resolves when all that was asked for so far is on screen. */
  whenDrawn(): Promise<void> {
    return new Promise((resolve) => {
      this.map.once('idle', () => resolve());
      this.map.triggerRepaint();
    });
  }

  /** Recolours the cells: one paint code per row. */
  async paint(codes: Uint8Array): Promise<void> {
    await this.loaded;
    this.codes = codes;
    if (this.sketch) this.sketch.draw(this.told[this.cellsInView()], codes);
    else this.tell();
  }

  /** Shows other codes left of a share, 0 to 1, of the map's width. */
  async drawCurtain(codes: Uint8Array | null, share: number): Promise<void> {
    await this.loaded;
    this.curtain = codes ? { codes, share } : undefined;
    if (codes) this.redrawCurtain();
    else this.dropCurtain();
  }

  /** Points the zones and the lieux to another question. */
  async ask(state: State): Promise<void> {
    await this.loaded;
    const address = this.options.api.zoneTiles(state);
    if (address !== this.zoneAddress) {
      this.zoneAddress = address;
      this.map.getSource<{ setTiles(tiles: string[]): void } & ReturnType<MapLibre['getSource']> & object>('zones')?.setTiles([address]);
    }
    this.map.setFilter('lieux', offers(state.service));
  }

  /** Outlines what is selected; a cell keeps the outline it got when it was picked. */
  async select(selection: Selection | null): Promise<void> {
    await this.loaded;
    if (this.selectedLayer) this.showSelection(this.selectedLayer, null);
    this.selectedLayer = undefined;
    if (selection?.kind !== 'maille') this.outline([]);
    if (selection?.kind === 'zone') this.highlight('selected-zone', ['==', ['to-string', ['id']], selection.id]);
    if (selection?.kind === 'territoire') {
      const [type, code = ''] = selection.id.split(':');
      if (type !== 'epci' && type !== 'commune') return;
      this.highlight(`selected-${type}`, ['==', ['to-string', ['get', 'code']], code]);
      if (this.options.frame) this.map.addLayer(others(type, code), 'zones-outline');
    }
  }

  /** Moves the view to the free middle of the map, in flight or (when a page opens) at once. */
  flyToBounds(bounds: Bounds, inFlight: boolean): void {
    const wide = this.isWide();
    const bottom = wide ? 40 : Math.round(window.innerHeight * SHEET_OVERLAP);
    const padding = { top: 40, bottom, left: wide && !this.panel ? LEGEND_WIDTH : 40, right: wide ? Math.max(CARD_WIDTH, this.panel ? PANEL_WIDTH : 0) : 40 };
    this.map.fitBounds(box(bounds), { padding, maxZoom: DETAIL_ZOOM, duration: inFlight ? FLIGHT : 0 });
  }

  flyToPoint([lon, lat]: LonLat, inFlight: boolean, nearest = DETAIL_ZOOM): void {
    const zoom = Math.max(this.map.getZoom(), nearest);
    const offset: PointLike = this.panel && this.isWide() ? [-PANEL_WIDTH / 2, 0] : [0, 0];
    this.map.flyTo({ center: [lon, lat], zoom, offset, duration: inFlight ? FLIGHT : 0 });
  }

  jumpTo({ lon, lat, zoom }: Position): void {
    this.map.jumpTo({ center: [lon, lat], zoom });
  }

  /** While `receive` is set, a click or Enter at the centre gives it a place instead of picking what is there. */
  setPlacing(receive: ((at: LonLat) => void) | null): void {
    this.receive = receive;
    this.options.container.classList.toggle('is-placing', receive !== null);
    const { nom } = this.whole();
    this.map.getCanvas().setAttribute('aria-label', receive ? words.map.placingLabel(nom) : words.map.label(nom));
  }

  center(): LonLat {
    const { lng, lat } = this.map.getCenter();
    return [lng, lat];
  }

  focus(): void {
    this.map.getCanvas().focus();
  }

  /** Makes room for the panel of a simulation; a view of the whole département stays one. */
  setPanel(open: boolean, whole: boolean): void {
    this.panel = open;
    if (whole) this.home(0);
  }

  /** Outlines of changed cells, instead of those of the zones blanches, which are of the edition. */
  async showChanges(shown: boolean): Promise<void> {
    await this.loaded;
    for (const id of CELL_LAYERS) {
      this.map.setPaintProperty(id, 'fill-outline-color', shown ? CHANGED_OUTLINE : undefined);
      this.map.setPaintProperty(id, 'fill-antialias', shown);
    }
    this.map.setLayoutProperty('zones-outline', 'visibility', shown ? 'none' : 'visible');
  }

  /** Draws the map again only when a way is another: other marks are dragged with every tour in place. */
  async drawTours(tours: readonly (readonly LonLat[])[]): Promise<void> {
    await this.loaded;
    const drawn = JSON.stringify(tours);
    if (drawn === this.drawnTours) return;
    this.drawnTours = drawn;
    const source = this.map.getSource('tours') as { setData(data: unknown): void } | undefined;
    source?.setData({
      type: 'FeatureCollection',
      features: tours.map((coordinates) => ({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } })),
    });
  }

  addMark(options: MarkOptions): Mark {
    return addMark(this.map, options, { begin: () => this.beginSketch(), end: () => this.endSketch() });
  }

  home(duration = FLIGHT): void {
    this.map.once('moveend', () => this.options.onMove(null));
    this.map.fitBounds(box(this.whole().bounds), { padding: this.homePadding(), duration });
  }

  /** What the first view is of. */
  private whole(): { readonly nom: string; readonly bounds: Bounds } {
    const { edition, frame } = this.options;
    return frame ?? { nom: edition.departement.nom, bounds: edition.bounds };
  }

  /** Whether the legend and the card lie over the map rather than below it. */
  private isWide(): boolean {
    return !this.options.frame && window.innerWidth >= WIDE_SCREEN && this.options.container.clientWidth > 2 * CARD_WIDTH;
  }

  private homePadding(): PaddingOptions {
    if (this.panel && this.isWide()) return { top: 16, bottom: 92, left: 16, right: PANEL_WIDTH };
    if (this.panel) return { top: 90, bottom: Math.round(window.innerHeight * SHEET_OVERLAP), left: 16, right: 16 };
    return { top: 16, bottom: 16, left: this.isWide() ? LEGEND_WIDTH : 16, right: this.isWide() ? 60 : 16 };
  }

  private view(): Position {
    const { lng, lat } = this.map.getCenter();
    return { zoom: this.map.getZoom(), lat, lon: lng };
  }

  private addControls(): void {
    const canvas = this.map.getCanvas();
    canvas.setAttribute('aria-label', words.map.label(this.whole().nom));
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new HomeControl(this.options.frame ? words.map.homeOf(this.options.frame.nom) : words.map.home, () => this.home()), 'top-right');
    this.map.addControl(new ScaleControl({ maxWidth: 110 }), 'bottom-right');
  }

  /** A frame is narrow, then wide, as the page around it likes: until a hand moves it, the view stays whole. */
  private stayWhole(): void {
    const { map } = this;
    const fit = () => void map.fitBounds(box(this.whole().bounds), { padding: this.homePadding(), duration: 0 });
    map.on('resize', fit);
    map.on('movestart', ({ originalEvent }) => {
      if (originalEvent && originalEvent.type !== 'resize') map.off('resize', fit);
    });
  }

  private listen(): void {
    const { map } = this;
    if (this.options.frame) this.stayWhole();
    map.on('click', ({ point, lngLat, originalEvent }) => {
      // A mark answers for itself.
      if (originalEvent.target instanceof Element && originalEvent.target.closest('.maplibregl-marker')) return;
      if (this.receive) this.receive([lngLat.lng, lngLat.lat]);
      else this.pick([point.x, point.y]);
    });
    map.getCanvas().addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      if (this.receive) return this.receive(this.center());
      const { clientWidth, clientHeight } = map.getCanvas();
      this.pick([clientWidth / 2, clientHeight / 2]);
    });
    map.on('mouseenter', 'lieux', () => (map.getCanvas().style.cursor = 'pointer'));
    map.on('mouseleave', 'lieux', () => (map.getCanvas().style.cursor = ''));
    map.on('zoom', () => this.tell());
    map.on('movestart', () => this.dropCurtain());
    map.on('idle', () => this.redrawCurtain());
    // The first view is the page's own, and a change of the window's size moves nothing.
    let reported = this.view();
    map.once('idle', () => {
      map.on('moveend', () => {
        const view = this.view();
        if (sameView(view, reported)) return;
        reported = view;
        this.options.onMove(view);
      });
    });
  }

  /** Until the view moves or {@link endSketch}, colours are painted over the map, which is not drawn again. */
  private beginSketch(): void {
    this.endSketch();
    this.sketch = this.newSketch();
    this.map.once('movestart', this.endSketch);
  }

  /** The map takes over what the sketch shows, which goes once that is drawn. */
  private readonly endSketch = (): void => {
    const { sketch } = this;
    if (!sketch) return;
    this.map.off('movestart', this.endSketch);
    this.sketch = undefined;
    this.tell();
    void this.whenDrawn().then(() => sketch.remove());
  };

  private redrawCurtain(): void {
    if (!this.curtain || this.map.isMoving()) return;
    const { codes, share } = this.curtain;
    this.curtainSketch ??= this.newSketch();
    this.curtainSketch.draw(this.told[this.cellsInView()], codes, share * this.map.getCanvas().clientWidth);
  }

  private dropCurtain(): void {
    this.curtainSketch?.remove();
    this.curtainSketch = undefined;
  }

  private newSketch(): Sketch {
    const shapes = this.map
      .queryRenderedFeatures({ layers: [this.cellsInView()] })
      .map(({ id, geometry }) => ({ row: Number(id), rings: ringsOf(geometry).map((ring) => this.inPixels(ring)) }));
    return new Sketch(this.map.getCanvas(), shapes, hatchImage(), PIXEL_RATIO);
  }

  private inPixels(ring: readonly Coordinates[]): Float32Array {
    const out = new Float32Array(2 * ring.length);
    ring.forEach(([lon = 0, lat = 0], corner) => {
      const { x, y } = this.map.project([lon, lat]);
      out.set([x, y], 2 * corner);
    });
    return out;
  }

  private cellsInView(): CellSource {
    return this.map.getZoom() >= FINE_ZOOM ? 'cells-fine' : 'cells-coarse';
  }

  /** Gives each source that is or will soon be on screen the codes that changed. */
  private tell(): void {
    const { codes } = this;
    if (!codes) return;
    this.tellSource('cells-coarse', codes);
    if (this.map.getZoom() >= READY_ZOOM) this.tellSource('cells-fine', codes);
  }

  private tellSource(source: CellSource, codes: Uint8Array): void {
    const told = this.told[source];
    const [first, end] = this.rowsOf[source];
    for (let row = first; row < end; row += 1) {
      const code = codes[row] ?? TRANSPARENT;
      if (code === told[row]) continue;
      told[row] = code;
      this.map.setFeatureState({ source, sourceLayer: 'cells', id: row }, { v: code });
    }
  }

  private pick(point: [number, number]): void {
    const [x, y] = point;
    const around: [PointLike, PointLike] = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
    const lieu = this.map.queryRenderedFeatures(around, { layers: ['lieux'] })[0];
    if (lieu) return this.options.onPick(lieuPick(lieu));

    const label = this.map.queryRenderedFeatures(point, { layers: LABEL_LAYERS })[0];
    if (label) {
      return this.options.onPick({ kind: 'territoire', id: `${LABEL_TYPES[label.layer.id]}:${label.properties['code']}` });
    }

    const cell = this.map
      .queryRenderedFeatures(point, { layers: [...CELL_LAYERS] })
      .find(({ id }) => this.codes?.[Number(id)] !== TRANSPARENT);
    if (cell && !this.options.api.site) {
      this.options.onPick({ kind: 'maille', id: String(cell.id) });
      return this.outline([cell]);
    }

    const epci = this.map.queryRenderedFeatures(point, { layers: ['epci-area'] })[0];
    if (epci) this.options.onPick({ kind: 'territoire', id: `epci:${epci.properties['code']}` });
  }

  private outline(features: readonly MapGeoJSONFeature[]): void {
    const source = this.map.getSource('selection') as { setData(data: unknown): void } | undefined;
    source?.setData({
      type: 'FeatureCollection',
      features: features.map(({ geometry }) => ({ type: 'Feature', properties: {}, geometry })),
    });
  }

  private highlight(layer: string, filter: FilterSpecification): void {
    this.selectedLayer = layer;
    this.showSelection(layer, filter);
  }

  private showSelection(layer: string, filter: FilterSpecification | null): void {
    for (const id of [layer, `${layer}-halo`]) {
      this.map.setFilter(id, filter ?? NOTHING);
      this.map.setLayoutProperty(id, 'visibility', filter ? 'visible' : 'none');
    }
  }
}
