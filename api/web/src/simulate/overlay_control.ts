/** The choice of what the map shows while changes are tried, its legend, and the curtain between before and after. */
import { element } from '../shared/element.ts';
import { type Overlay, OVERLAYS } from './overlay.ts';
import { terms } from './words.ts';

export class OverlayControl {
  current: Overlay = 'apres';
  readonly legend = element('section', { class: 'calque', 'aria-label': terms.overlay.legend });
  readonly choice: HTMLFieldSetElement;
  /** The line between before and after; it lies over the map, which is dragged beside it. */
  readonly curtain: HTMLInputElement;

  /** `choose` hears of a choice made by hand, `slide` of the curtain being moved. */
  constructor(choose: (overlay: Overlay) => void, slide: () => void) {
    this.choice = element(
      'fieldset',
      { class: 'segmented stage__vues stage__calque', hidden: true },
      element('legend', {}, terms.overlay.question),
      element(
        'div',
        { class: 'segmented__choices' },
        ...OVERLAYS.map((value) => {
          const input = element('input', { type: 'radio', name: 'calque', value, checked: value === this.current });
          input.addEventListener('change', () => choose(value));
          return element('label', {}, input, element('span', {}, terms.overlay.labels[value]));
        }),
      ),
    );
    this.curtain = element('input', { type: 'range', class: 'curtain', min: 0, max: 100, value: 35, 'aria-label': terms.overlay.curtain, hidden: true });
    const say = () => this.curtain.setAttribute('aria-valuetext', terms.overlay.curtainAt(Number(this.curtain.value)));
    this.curtain.addEventListener('input', () => {
      say();
      slide();
    });
    say();
  }

  set(overlay: Overlay): void {
    this.current = overlay;
    for (const radio of this.choice.querySelectorAll<HTMLInputElement>('input')) radio.checked = radio.value === overlay;
  }

  show(open: boolean): void {
    this.choice.hidden = !open;
    this.legend.hidden = !open;
    if (!open) this.curtain.hidden = true;
  }
}
