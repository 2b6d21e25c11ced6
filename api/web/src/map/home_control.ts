import type { IControl } from 'maplibre-gl';
import { button } from '../shared/element.ts';

/** A button that shows again what the first view was of. */
export class HomeControl implements IControl {
  private element: HTMLElement | undefined;

  constructor(
    private readonly label: string,
    private readonly home: () => void,
  ) {}

  onAdd(): HTMLElement {
    const inside = button({ 'aria-label': this.label, title: this.label, class: 'map__home' }, this.home);
    this.element = document.createElement('div');
    this.element.className = 'maplibregl-ctrl maplibregl-ctrl-group';
    this.element.append(inside);
    return this.element;
  }

  onRemove(): void {
    this.element?.remove();
  }
}

