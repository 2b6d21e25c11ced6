/** The small stacked bar of people by class, used by the legend, the table and the details. */
import type { Gap } from './api.ts';
import { svg } from './element.ts';
import * as format from './format.ts';
import { words } from './words.ts';
import { CLASS_COLOURS, PALETTE } from './palette.ts';
import { CLASS_ORDER, CLASSES } from './legend.gen.ts';

const WIDTH = 100;
const HEIGHT = 10;

/** The bar of one territoire; its text says the same figures. Hidden from readers when figures stand beside it. */
export function classBar(gap: Gap, { decorative }: { readonly decorative: boolean }): SVGElement {
  const label = words.legend.barLabel(
    CLASS_ORDER.map((classe) => `${words.classes[classe]} ${format.share(gap.classes[classe], gap.population) || '0'}`),
  );
  const bar = svg('svg', {
    class: 'bar',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    ...(decorative ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label }),
  });
  const whole = CLASSES.reduce((sum, classe) => sum + gap.classes[classe], 0);
  let x = 0;
  for (const classe of CLASS_ORDER) {
    const width = whole > 0 ? (WIDTH * gap.classes[classe]) / whole : 0;
    if (width === 0) continue;
    bar.append(svg('rect', { x, y: 0, width, height: HEIGHT, fill: CLASS_COLOURS[classe] }));
    if (classe === 'inconnue') bar.append(...hatching(x, width));
    x += width;
  }
  return bar;
}

/** Upright strokes: the bar is stretched, and slanted ones would not keep their slope. */
function hatching(left: number, width: number): SVGElement[] {
  const strokes: SVGElement[] = [];
  for (let x = left + 1; x < left + width; x += 3) {
    strokes.push(svg('rect', { x, y: 0, width: 0.8, height: HEIGHT, fill: PALETTE.hatch }));
  }
  return strokes;
}

/** A swatch of the legend. */
export function swatch(colour: string, hatched: boolean): SVGElement {
  const box = svg('svg', { class: 'swatch', viewBox: '0 0 16 16', 'aria-hidden': 'true' });
  box.append(svg('rect', { x: 0, y: 0, width: 16, height: 16, fill: colour }));
  if (hatched) box.append(svg('path', { d: 'M-2 10 L10 -2 M-2 18 L18 -2 M6 18 L18 6', stroke: PALETTE.hatch, 'stroke-width': 1.6 }));
  return box;
}
