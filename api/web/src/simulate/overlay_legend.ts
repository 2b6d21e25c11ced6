/** The legend of a simulation's map: a strip of swatches with people beside them. */
import { swatch } from '../shared/bar.ts';
import { CLASS_ORDER } from '../shared/legend.gen.ts';
import { type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { words } from '../shared/words.ts';
import type { Overlay } from './overlay.ts';
import { CLASS_CODES, COLOURS, DIFFERENCE_COLOURS, GAIN_BOUNDS, HATCHED, PALETTE, LOST, RAMPS } from '../shared/palette.ts';
import { terms } from './words.ts';
import type { Simulation } from './simulation.ts';
import { said } from '../shared/said.ts';
import type { State } from '../shared/state.ts';

export function overlayLegend(calque: Overlay, result: Simulation | undefined, state: State): HTMLElement[] {
  switch (calque) {
    case 'avant':
    case 'apres':
    case 'rideau': {
      const gap = calque === 'avant' ? result?.before : result?.after;
      const entries = CLASS_ORDER.map((classe) => {
        const code = CLASS_CODES[classe];
        const notes = said(state.mode).classNotes(classe, state.minutes, state.hours);
        return entry(swatch(COLOURS.get(code) ?? PALETTE.paper, HATCHED.has(code)), words.classes[classe], gap?.classes[classe], notes);
      });
      return [element('ul', {}, ...entries), ...(result ? [note(calque === 'rideau' ? terms.overlay.sides : terms.overlay.changed)] : [])];
    }
    case 'difference': {
      const { gagne, perd, autrement, inchange } = DIFFERENCE_COLOURS;
      const total = result?.transitions.reduce((sum, { from, to, people }) => sum + (from === to ? 0 : people), 0) ?? 0;
      const other = result && total - result.gained.people - result.lost.people;
      return [
        element(
          'ul',
          {},
          entry(swatch(gagne, false), terms.overlay.gagne, result?.gained.people),
          entry(swatch(perd, HATCHED.has(LOST)), terms.overlay.perd, result?.lost.people),
          ...(other ? [entry(swatch(autrement, false), terms.overlay.autrement, other)] : []),
          entry(swatch(inchange, false), terms.overlay.inchange),
        ),
      ];
    }
    case 'gains':
      return [
        element('p', {}, terms.overlay.gainsTitle),
        element(
          'ul',
          {},
          entry(swatch(PALETTE['no-gain'], false), terms.overlay.gainsNone),
          ...RAMPS.gain.map((colour, band) => {
            const low = band === 0 ? 1 : (GAIN_BOUNDS[band - 1] ?? 1);
            const high = GAIN_BOUNDS[band];
            return entry(swatch(colour, false), high === undefined ? terms.overlay.moreThan(low) : terms.overlay.between(low, high));
          }),
        ),
      ];
  }
}

function entry(box: SVGElement, label: string, people?: number, title?: string): HTMLLIElement {
  const figure: Child = people !== undefined && element('b', {}, format.count(people));
  return element('li', { title }, box, element('span', {}, label), figure);
}

function note(text: string): HTMLElement {
  return element('p', { class: 'calque__note' }, text);
}
