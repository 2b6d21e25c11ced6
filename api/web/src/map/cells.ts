/**
 * The cells and their colours: what each source of tiles has been told, and what is drawn over
 * the map while a hand drags a mark or the curtain between before and after.
 */
import type { Map as MapLibre } from 'maplibre-gl';
import type { Edition } from '../shared/api.ts';
import { TRANSPARENT } from '../shared/palette.ts';
import { type Coordinates, ringsOf, rowsBySource } from './shapes.ts';
import { Sketch } from './sketch.ts';
import { type CellSource, FINE_ZOOM } from './style.ts';
import { hatchImage, PIXEL_RATIO } from './symbols.ts';

/** The zoom at which the rows of the finest cells are readied, a little before they show. */
const READY_ZOOM = FINE_ZOOM - 0.4;

export class Cells {
  private codes: Uint8Array | undefined;
  /** What each source has been told, so that only changed rows are told again. */
  private readonly told: Record<CellSource, Uint8Array>;
  private readonly rowsOf: Record<CellSource, readonly [first: number, end: number]>;
  /** Over the map while a hand drags a mark. */
  private sketch: Sketch | undefined;
  /** What is shown left of a share of the width, and where it is drawn; drawn anew wherever the view comes to rest. */
  private curtain: { readonly codes: Uint8Array; readonly share: number } | undefined;
  private curtainSketch: Sketch | undefined;

  /** Nothing is to be painted before the style of the map is loaded. */
  constructor(
    private readonly map: MapLibre,
    edition: Edition,
  ) {
    this.rowsOf = rowsBySource(edition);
    const rows = Math.max(...Object.values(this.rowsOf).map(([, end]) => end));
    this.told = { 'cells-coarse': new Uint8Array(rows), 'cells-fine': new Uint8Array(rows) };
    map.on('zoom', () => this.tell());
    map.on('movestart', () => this.dropCurtain());
    map.on('idle', () => this.redrawCurtain());
  }

  /** Whether a row of the pyramid has a colour now. */
  isPainted(row: number): boolean {
    return this.codes?.[row] !== TRANSPARENT;
  }

  /** Resolves when all that was asked for so far is on screen. */
  whenDrawn(): Promise<void> {
    return new Promise((resolve) => {
      this.map.once('idle', () => resolve());
      this.map.triggerRepaint();
    });
  }

  /** Recolours the cells: one paint code per row. */
  paint(codes: Uint8Array): void {
    this.codes = codes;
    if (this.sketch) this.sketch.draw(this.told[this.cellsInView()], codes);
    else this.tell();
  }

  /** Shows other codes left of a share, 0 to 1, of the map's width. */
  drawCurtain(codes: Uint8Array | null, share: number): void {
    this.curtain = codes ? { codes, share } : undefined;
    if (codes) this.redrawCurtain();
    else this.dropCurtain();
  }

  /** Until the view moves or {@link endSketch}, colours are painted over the map, which is not drawn again. */
  beginSketch(): void {
    this.endSketch();
    this.sketch = this.newSketch();
    this.map.once('movestart', this.endSketch);
  }

  /** The map takes over what the sketch shows, which goes once that is drawn. */
  readonly endSketch = (): void => {
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
}
