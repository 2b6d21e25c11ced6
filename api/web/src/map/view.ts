/**
 * The map: MapLibre, loaded apart from the rest of the page because it is six
 * times heavier. It paints what it is told and reports what is picked; it
 * knows nothing of figures.
 */
import 'maplibre-gl/dist/maplibre-gl.css';
import '../css/map.css';
import {
  type ExpressionSpecification,
  Map as MapLibre,
  NavigationControl,
  type PaddingOptions,
  type PointLike,
  ScaleControl,
  setWorkerUrl,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { Api, Bounds, Edition, LonLat } from '../shared/api.ts';
import { words } from '../shared/words.ts';
import { byTimetable as isByTimetable, isUnnamed, type Position, type Selection, type State } from '../shared/state.ts';
import type { AreaLevel } from '../shared/need_state.ts';
import { Areas } from './areas.ts';
import { Cells } from './cells.ts';
import { HomeControl } from './home_control.ts';
import { addMark, type Mark, type MarkOptions } from './mark.ts';
import { type Pick, pickAt } from './pick.ts';
import { Selected } from './selected.ts';
import { printable } from './paper.ts';
import { box, sameView } from './shapes.ts';
import { CELL_LAYERS, CHANGED_OUTLINE, hasTimetables, lieuImage, lieuOpacity, lieuOrder, lieuSize, mapStyle, offers } from './style.ts';
import { Lines } from './lines.ts';
import { IMAGES, PIXEL_RATIO } from './symbols.ts';

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
  private readonly cells: Cells;
  private readonly areas: Areas;
  private readonly selected: Selected;
  private readonly loaded: Promise<void>;
  /** Absent where there are no timetables. */
  private readonly lines: Lines | undefined;
  /** Of each lieu by itself. */
  private opacity: ExpressionSpecification | number | undefined;
  private drawnTours = '[]';
  private panel = false;
  private receive: ((at: LonLat) => void) | null = null;
  private zoneAddress: string;

  constructor(private readonly options: MapOptions) {
    const { container, edition, api, basemap, state } = options;
    setWorkerUrl(workerUrl);
    this.zoneAddress = api.zoneTiles(state);
    const tiles = {
      cells: api.tiles('cells'),
      zones: this.zoneAddress,
      epci: api.tiles('epci'),
      communes: api.tiles('communes'),
      roads: api.tiles('roads'),
      lieux: api.tiles('lieux'),
      lignes: api.tiles('lignes'),
      arrets: api.tiles('arrets'),
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
      // A name that fades in has the whole map drawn again, frame by frame.
      fadeDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
      // The page around a frame scrolls: one finger, or the wheel alone, must not be caught.
      cooperativeGestures: this.options.frame !== undefined,
      ...(state.position
        ? { center: [state.position.lon, state.position.lat], zoom: state.position.zoom }
        : { bounds: box(this.whole().bounds), fitBoundsOptions: { padding: this.homePadding() } }),
    });
    container.classList.toggle('is-beside-legend', this.isWide()); // on paper too
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.cells = new Cells(this.map, edition);
    this.areas = new Areas(this.map);
    this.selected = new Selected(this.map, this.options.frame !== undefined, (id) => api.getOutline(id));
    this.lines = hasTimetables(edition) ? new Lines() : undefined;
    this.addControls();
    printable(this.map);
    this.listen();
    this.loaded = new Promise((resolve) => {
      this.map.once('style.load', () => {
        for (const [name, image] of Object.entries(IMAGES)) this.map.addImage(name, image(), { pixelRatio: PIXEL_RATIO });
        this.showService(state);
        this.lines?.show(state.mode === 'transit');
        resolve();
      });
    });
  }

  /** Resolves when all that was asked for so far is on screen. */
  whenDrawn(): Promise<void> {
    return this.cells.whenDrawn();
  }

  /** Recolours the cells: one paint code per row. */
  async paint(codes: Uint8Array): Promise<void> {
    await this.loaded;
    this.areas.show(null);
    this.cells.paint(codes);
  }

  /** Recolours the territoires of a level, shown in the place of the cells: a paint code by code. */
  async paintAreas(level: AreaLevel, codes: ReadonlyMap<string, number>): Promise<void> {
    await this.loaded;
    this.areas.show(level);
    this.areas.paint(level, codes);
  }

  /** Resolves at the next picture that is drawn. */
  nextFrame(): Promise<void> {
    return new Promise((resolve) => {
      this.map.once('render', () => resolve());
      this.map.triggerRepaint();
    });
  }

  /** Shows other codes left of a share, 0 to 1, of the map's width. */
  async drawCurtain(codes: Uint8Array | null, share: number): Promise<void> {
    await this.loaded;
    this.cells.drawCurtain(codes, share);
  }

  /** Points the zones and the lieux to another question. */
  async ask(state: State): Promise<void> {
    await this.loaded;
    const address = this.options.api.zoneTiles(state);
    if (address !== this.zoneAddress) {
      this.zoneAddress = address;
      this.map.getSource<{ setTiles(tiles: string[]): void } & ReturnType<MapLibre['getSource']> & object>('zones')?.setTiles([address]);
    }
    // The zones of a copy are those of the edition's own question.
    if (this.options.api.site) this.map.setLayoutProperty('zones-outline', 'visibility', isByTimetable(state.mode) ? 'none' : 'visible');
    this.showService(state);
    this.lines?.show(state.mode === 'transit');
  }

  /** Lieux that could offer the service, those to ask marked so. */
  private showService({ service }: State): void {
    this.map.setFilter('lieux', offers(service, isUnnamed(this.options.edition, service)));
    this.map.setLayoutProperty('lieux', 'icon-image', lieuImage(service));
    this.map.setLayoutProperty('lieux', 'icon-size', lieuSize(service));
    this.map.setLayoutProperty('lieux', 'symbol-sort-key', lieuOrder(service));
  }

  /** Makes the lieux of these ids stand out; null: all alike. */
  async single(ids: readonly string[] | null): Promise<void> {
    await this.loaded;
    this.opacity ??= (this.map.getPaintProperty('lieux', 'icon-opacity') as ExpressionSpecification | number | undefined) ?? 1;
    this.map.setPaintProperty('lieux', 'icon-opacity', lieuOpacity(ids, this.opacity));
  }

  /** Outlines what is selected; a cell keeps the outline it got when it was picked. */
  async select(selection: Selection | null): Promise<void> {
    await this.loaded;
    await this.selected.show(selection);
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
    return addMark(this.map, options, { begin: () => this.cells.beginSketch(), end: () => this.cells.endSketch() });
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
    if (this.lines) this.map.addControl(this.lines);
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

  private pick(point: [number, number]): void {
    const picked = pickAt(this.map, point, (row) => !this.options.api.site && this.cells.isPainted(row), this.areas.shown);
    if (!picked) return;
    this.options.onPick(picked.pick);
    if (picked.cell) this.selected.outline([picked.cell]);
  }
}
