import { type Map as MapLibre, MapMouseEvent, Marker } from 'maplibre-gl';
import type { LonLat } from '../shared/api.ts';

/** A mark over the map, that a hand or the arrow keys move when it is draggable. */
export interface MarkOptions {
  readonly element: HTMLElement;
  readonly at: LonLat;
  readonly draggable: boolean;
  readonly onStart?: () => void;
  readonly onMove?: (at: LonLat) => void;
  readonly onEnd?: (at: LonLat) => void;
}

export interface Mark {
  readonly element: HTMLElement;
  moveTo(at: LonLat): void;
  remove(): void;
}

/** How far an arrow key moves a mark, CSS pixels; farther with Shift. */
const ARROW_STEP = 6;
const ARROW_LEAP = 36;
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Puts a mark on a map; `drag` hears when a hand takes it and lets it go. */
export function addMark(
  map: MapLibre,
  { element, at, draggable, onStart, onMove, onEnd }: MarkOptions,
  drag: { readonly begin: () => void; readonly end: () => void },
): Mark {
  const marker = new Marker({ element, draggable }).setLngLat([...at]).addTo(map);
  const where = (): LonLat => [marker.getLngLat().lng, marker.getLngLat().lat];
  // The marker hears of a hand that lets go over the map only: over a panel, it is told.
  const letGo = (event: MouseEvent) => {
    if (!(event.target instanceof Node && map.getCanvasContainer().contains(event.target))) {
      map.fire(new MapMouseEvent('mouseup', map, event));
    }
  };
  marker.on('dragstart', () => {
    addEventListener('mouseup', letGo);
    drag.begin();
    onStart?.();
  });
  marker.on('drag', () => onMove?.(where()));
  marker.on('dragend', () => {
    removeEventListener('mouseup', letGo);
    drag.end();
    onEnd?.(where());
  });
  element.addEventListener('keydown', (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || !draggable) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? ARROW_LEAP : ARROW_STEP;
    const { x, y } = map.project(marker.getLngLat());
    marker.setLngLat(map.unproject([x + arrow[0] * step, y + arrow[1] * step]));
    onStart?.();
    onEnd?.(where());
  });
  return {
    element,
    moveTo: ([lon, lat]) => void marker.setLngLat([lon, lat]),
    remove: () => void marker.remove(),
  };
}
