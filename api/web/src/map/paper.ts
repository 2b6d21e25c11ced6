/**
 * The map on paper. Browsers print nothing of a WebGL canvas once it has been shown, and lay
 * the page out anew for paper: what is printed is a copy of the picture that is on the screen,
 * with a scale of its own, since the copy is larger or smaller than it.
 */
import type { Map as MapLibre } from 'maplibre-gl';
import { PALETTE } from '../shared/palette.ts';

/** Where the scale ends, as a share of the width: paper leaves out the edges of a wide picture (layout.css). */
const SCALE_END = 0.86;

export function printable(map: MapLibre): void {
  let picture: HTMLCanvasElement | undefined;
  addEventListener('beforeprint', () => {
    picture?.remove();
    picture = copyOf(map);
    map.getContainer().append(picture);
  });
  addEventListener('afterprint', () => picture?.remove());
}

function copyOf(map: MapLibre): HTMLCanvasElement {
  map.redraw(); // what was shown can be read until this task ends
  const shown = map.getCanvas();
  const copy = document.createElement('canvas');
  copy.className = 'map__paper';
  copy.width = shown.width;
  copy.height = shown.height;
  copy.setAttribute('role', 'img');
  copy.setAttribute('aria-label', shown.getAttribute('aria-label') ?? '');
  const context = copy.getContext('2d');
  context?.drawImage(shown, 0, 0);
  const scale = map.getContainer().querySelector<HTMLElement>('.maplibregl-ctrl-scale');
  if (context && scale) drawScale(context, scale.offsetWidth, scale.textContent ?? '', shown.width / shown.clientWidth);
  return copy;
}

/** A bar of the length of the screen's, and what it stands for. */
function drawScale(context: CanvasRenderingContext2D, length: number, text: string, pixels: number): void {
  const [end, foot, height] = [context.canvas.width * SCALE_END, context.canvas.height - 12 * pixels, 20 * pixels];
  const start = end - length * pixels;
  context.fillStyle = PALETTE.paper;
  context.fillRect(start, foot - height, end - start, height);
  context.strokeStyle = context.fillStyle = PALETTE.ink;
  context.lineWidth = 2 * pixels;
  context.beginPath();
  for (const [x, y] of [[start, foot - height / 2], [start, foot], [end, foot], [end, foot - height / 2]] as const) context.lineTo(x, y);
  context.stroke();
  context.font = `${12 * pixels}px system-ui, sans-serif`;
  context.fillText(text, start + 5 * pixels, foot - 6 * pixels);
}
