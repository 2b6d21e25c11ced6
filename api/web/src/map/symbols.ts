/**
 * The small images of the map, computed pixel by pixel: no file to fetch, and
 * the same bytes on every machine.
 *
 * Shape says what a lieu is (disc: fixed, diamond: bus stop) and filling says
 * whether its opening hours are known (full) or not (hollow), so that colour
 * carries nothing alone. A lieu that must be asked what it offers has a question mark.
 */
import { type Hex, PALETTE, rgb } from '../shared/palette.ts';

/** Pixels per CSS pixel of the images. */
export const PIXEL_RATIO = 2;

export interface Image {
  readonly width: number;
  readonly height: number;
  /** RGBA, rows from the top. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

const INK: Hex = PALETTE.ink;
const SOFT: Hex = PALETTE['ink-soft'];
const PAPER: Hex = PALETTE.paper;

/** Side of a lieu's image and radii of its ring, CSS pixels. */
const SIDE = 18;
const HALO = 8;
const EDGE = 6.6;
const CORE = 3.9;
/** A diamond reaches farther than a disc of the same weight. */
const DIAMOND = 1.22;

/** Side of the hatching's tile and width of its strokes, CSS pixels. */
const HATCH_SIDE = 6;
const HATCH_STROKE = 1.1;

type Distance = (x: number, y: number) => number;
const disc: Distance = (x, y) => Math.hypot(x, y);
const diamond: Distance = (x, y) => (Math.abs(x) + Math.abs(y)) / DIAMOND;

export const IMAGES: Readonly<Record<string, () => Image>> = {
  'lieu-known': () => lieuImage(disc, true),
  'lieu-unknown': () => lieuImage(disc, false),
  'arret-known': () => lieuImage(diamond, true),
  'arret-unknown': () => lieuImage(diamond, false),
  'lieu-ask': () => askImage(disc),
  'arret-ask': () => askImage(diamond),
  hatch: hatchImage,
};

function lieuImage(distance: Distance, full: boolean): Image {
  return draw(SIDE, (x, y) => {
    const d = distance(x - SIDE / 2, y - SIDE / 2);
    if (d > HALO) return null;
    if (d > EDGE) return PAPER;
    return full || d > CORE ? INK : PAPER;
  });
}

/** Width of the ring and of the strokes of a question mark, CSS pixels. */
const ASK_STROKE = 1.1;

function askImage(distance: Distance): Image {
  return draw(SIDE, (left, top) => {
    const [x, y] = [left - SIDE / 2, top - SIDE / 2];
    const d = distance(x, y);
    if (d > HALO) return null;
    if (d > EDGE) return PAPER;
    return d > EDGE - ASK_STROKE || isQuestionMark(x, y) ? SOFT : PAPER;
  });
}

/** A question mark about the middle: three quarters of a ring, a stem and a dot. */
function isQuestionMark(x: number, y: number): boolean {
  const [middle, radius, half] = [-1.5, 1.7, ASK_STROKE / 2];
  const ring = Math.abs(Math.hypot(x, y - middle) - radius) <= half && !(x < 0 && y > middle);
  const stem = Math.abs(x) <= half && y > middle + radius - half && y < 1.6;
  return ring || stem || Math.hypot(x, y - 3) <= 0.8;
}

/** Slanted strokes that join from one tile to the next. */
export function hatchImage(): Image {
  return draw(HATCH_SIDE, (x, y) => {
    const across = (x + y) % HATCH_SIDE;
    return across < HATCH_STROKE * Math.SQRT2 ? PALETTE.hatch : null;
  });
}

/** Samples along each side of a pixel, for smooth edges. */
const SAMPLES = 4;

/** Draws a square of `side` CSS pixels; `colourAt` takes CSS pixels from the top left, null being clear. */
function draw(side: number, colourAt: (x: number, y: number) => Hex | null): Image {
  const size = side * PIXEL_RATIO;
  const data = new Uint8ClampedArray(size * size * 4);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const sum = [0, 0, 0];
      let hits = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const x = (column + ((sample % SAMPLES) + 0.5) / SAMPLES) / PIXEL_RATIO;
        const y = (row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / PIXEL_RATIO;
        const colour = colourAt(x, y);
        if (!colour) continue;
        hits += 1;
        rgb(colour).forEach((channel, index) => (sum[index] = (sum[index] ?? 0) + channel));
      }
      if (hits === 0) continue;
      const at = (row * size + column) * 4;
      data.set([...sum.map((channel) => channel / hits), (255 * hits) / (SAMPLES * SAMPLES)], at);
    }
  }
  return { width: size, height: size, data };
}
