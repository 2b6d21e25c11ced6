/**
 * Cells redrawn over the map, which stands still: drawing it anew takes most of a frame
 * where no graphics card helps, and a few hundred cells change at each step of a hand that
 * drags a lieu, or a curtain between before and after. Shapes are those the map shows, in
 * pixels of the view at that moment; when the view moves, the sketch is to be taken away.
 */
import { CHANGED, COLOURS, HATCHED, PALETTE } from '../shared/palette.ts';
import type { Image } from './symbols.ts';

/** The shape of a cell, or of the part of it in one tile: rings of x and y, CSS pixels. */
export interface Shape {
  readonly row: number;
  readonly rings: readonly Float32Array[];
}

/** Rows by what they are to be painted with: those whose code is no longer the one that is shown. */
export function repainted(rows: Iterable<number>, shown: Uint8Array, codes: Uint8Array): Map<number, number[]> {
  const byCode = new Map<number, number[]>();
  for (const row of rows) {
    const code = codes[row] ?? 0;
    if (code === shown[row]) continue;
    const same = byCode.get(code);
    if (same) same.push(row);
    else byCode.set(code, [row]);
  }
  return byCode;
}

/** Names, roads and borders below stay to be seen, faintly. */
const OPACITY = 0.94;
const OUTLINE = PALETTE.ink;
/** The canvas grows by so many CSS pixels at a time, for it to be allocated rarely. */
const STEP = 128;

/** Left, top, right and bottom, CSS pixels of the view. */
type Box = readonly [left: number, top: number, right: number, bottom: number];

/** The box around shapes, in whole steps; undefined when there is none. */
export function boxAround(rings: Iterable<Float32Array>): Box | undefined {
  const box = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number];
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const [x, y] = [ring[at] ?? 0, ring[at + 1] ?? 0];
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  if (box[0] > box[2]) return undefined;
  const [left, top, right, bottom] = box;
  const [down, up] = [(v: number) => Math.floor((v - 1) / STEP) * STEP, (v: number) => Math.ceil((v + 1) / STEP) * STEP];
  return [down(left), down(top), up(right), up(bottom)];
}

export class Sketch {
  private readonly canvas = document.createElement('canvas');
  /** Drawn by the processor: few shapes, and what is handed over is as large as they are, not as the map. */
  private readonly context = this.canvas.getContext('2d', { willReadFrequently: true });
  private readonly shapes = new Map<number, Float32Array[]>();
  private readonly hatching: CanvasPattern | null;
  private readonly view: Box;
  private readonly ratio: number;
  private box: Box = [0, 0, 0, 0];

  /** Lies right above `below`, the canvas of the map. */
  constructor(below: HTMLCanvasElement, shapes: Iterable<Shape>, hatch: Image, hatchRatio: number) {
    this.ratio = below.width / below.clientWidth;
    this.view = [0, 0, below.clientWidth, below.clientHeight];
    this.canvas.className = 'map__sketch';
    this.canvas.hidden = true;
    below.after(this.canvas);
    this.hatching = this.pattern(hatch, hatchRatio);
    for (const { row, rings } of shapes) {
      const known = this.shapes.get(row);
      if (known) known.push(...rings);
      else this.shapes.set(row, [...rings]);
    }
  }

  /** Paints the rows whose code differs from the one `shown` on the map, left of `end`, CSS pixels. */
  draw(shown: Uint8Array, codes: Uint8Array, end = Infinity): void {
    const changed = repainted(this.shapes.keys(), shown, codes);
    const box = boxAround([...changed.values()].flat().flatMap((row) => this.shapes.get(row) ?? []));
    this.canvas.hidden = !box;
    const { context } = this;
    if (!context || !box) return;
    this.cover(context, box, end);
    for (const [code, rows] of changed) {
      const path = this.outline(rows);
      const colour = COLOURS.get(code % CHANGED);
      if (!colour) continue;
      context.fillStyle = colour;
      context.fill(path);
      if (HATCHED.has(code % CHANGED) && this.hatching) {
        context.fillStyle = this.hatching;
        context.fill(path);
      }
      // In its own colour, the edge covers that of a cell that changes no longer.
      context.strokeStyle = code >= CHANGED ? OUTLINE : colour;
      context.stroke(path);
    }
  }

  remove(): void {
    this.canvas.remove();
  }

  /** Makes the canvas a clear one over `box`, as far as it is in view and left of `end`. */
  private cover(context: CanvasRenderingContext2D, box: Box, end: number): void {
    const { canvas, ratio, view } = this;
    const [left, top] = [Math.max(box[0], view[0]), Math.max(box[1], view[1])];
    const [right, bottom] = [Math.min(box[2], view[2], end), Math.min(box[3], view[3])];
    const [width, height] = [Math.max(right - left, 1), Math.max(bottom - top, 1)];
    if ([left, top, right, bottom].some((side, at) => side !== this.box[at])) {
      this.box = [left, top, right, bottom];
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
      context.setTransform(ratio, 0, 0, ratio, -left * ratio, -top * ratio);
      context.globalAlpha = OPACITY;
    }
    context.clearRect(left, top, width, height);
  }

  private outline(rows: readonly number[]): Path2D {
    const path = new Path2D();
    for (const row of rows) {
      for (const ring of this.shapes.get(row) ?? []) {
        path.moveTo(ring[0] ?? 0, ring[1] ?? 0);
        for (let at = 2; at < ring.length; at += 2) path.lineTo(ring[at] ?? 0, ring[at + 1] ?? 0);
        path.closePath();
      }
    }
    return path;
  }

  private pattern({ width, height, data }: Image, ratio: number): CanvasPattern | null {
    const tile = document.createElement('canvas');
    tile.width = width;
    tile.height = height;
    tile.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
    const pattern = this.context?.createPattern(tile, 'repeat') ?? null;
    pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
    return pattern;
  }
}
