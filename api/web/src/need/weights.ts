/** Weights on sliders: a sub-index, then its variables. The map follows the hand; the address, once it rests. */
import { button, element } from '../shared/element.ts';
import type { Points } from '../shared/api.ts';
import { type Weights, WEIGHTS } from './model.ts';
import { nameOf } from './labels.ts';
import type { Figure } from './figures.ts';
import { terms } from './words.ts';

interface Slider {
  readonly input: HTMLInputElement;
  readonly output: HTMLOutputElement;
  readonly own: number;
}

export class WeightSliders {
  private readonly sliders = new Map<string, Slider>();
  private readonly reset: HTMLButtonElement;

  /** `move` is told all chosen weights at each move of a hand. */
  constructor(
    place: HTMLElement,
    { sub_indices: subs, variables }: Points,
    figures: readonly Figure[],
    private readonly move: (chosen: Weights) => void,
  ) {
    const label = (id: string) => nameOf(figures.find((figure) => figure.id === id) ?? (figures[0] as Figure));
    this.reset = button({ class: 'button button--quiet' }, () => this.move(new Map()), terms.reset);
    place.replaceChildren(
      element('p', { class: 'filters__hint' }, terms.weightsHint),
      ...subs.map((sub) =>
        element(
          'fieldset',
          { class: 'poids' },
          element('legend', {}, label(sub.id)),
          this.slider(sub.id, terms.weightsOf(label(sub.id)), sub.weight, true),
          ...variables.filter(({ sub_index: of }) => of === sub.id).map(({ id, nom, weight }) => this.slider(id, nom, weight, false)),
        ),
      ),
      this.reset,
    );
  }

  private slider(id: string, nom: string, own: number, whole: boolean): HTMLElement {
    const name = `poids-${id}`;
    const input = element('input', { type: 'range', id: name, min: WEIGHTS.min, max: WEIGHTS.max, step: WEIGHTS.step });
    const output = element('output', { for: name });
    this.sliders.set(id, { input, output, own });
    input.addEventListener('input', () => {
      // From here to the picture that shows it: measured by the tests, and by whoever wonders.
      performance.mark('poids');
      this.move(this.chosen());
    });
    return element('div', { class: whole ? 'control poids__tout' : 'control' }, element('label', { for: name }, nom), output, input);
  }

  private chosen(): Weights {
    return new Map([...this.sliders].flatMap(([id, { input, own }]) => (Number(input.value) === own ? [] : [[id, Number(input.value)] as const])));
  }

  follow(chosen: Weights): void {
    for (const [id, { input, output, own }] of this.sliders) {
      const weight = chosen.get(id) ?? own;
      if (Number(input.value) !== weight) input.value = String(weight);
      output.textContent = terms.weight(weight);
      output.classList.toggle('is-chosen', weight !== own);
      input.setAttribute('aria-valuetext', terms.weightSpoken(weight, own));
      input.style.setProperty('--filled', String((weight - WEIGHTS.min) / (WEIGHTS.max - WEIGHTS.min)));
    }
    this.reset.disabled = chosen.size === 0;
  }
}
