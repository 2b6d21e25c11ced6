/** The pieces that cards are made of: lists of facts, shares of people, the index in one line. */
import type { Gap, MomentPeople } from '../shared/api.ts';
import { swatch } from '../shared/bar.ts';
import { type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { type Hex, MOMENT_COLOURS, MOMENT_STATES } from '../shared/palette.ts';
import { said } from '../shared/said.ts';
import { parseMoment, type State } from '../shared/state.ts';
import { words } from '../shared/words.ts';

type Fact = readonly [label: string, value: Child];

/** A list of facts; a missing value is said to be unknown, a `false` fact is left out. */
export function facts(...all: readonly (Fact | false | undefined)[]): HTMLDListElement {
  const list = element('dl', { class: 'facts' });
  for (const fact of all) {
    if (!fact) continue;
    const [label, value] = fact;
    list.append(
      element(
        'div',
        {},
        element('dt', {}, label),
        element('dd', {}, value || element('span', { class: 'unknown' }, words.details.unknown)),
      ),
    );
  }
  return list;
}

/** People of one colour, and their share of all. */
export function shareItem(colour: Hex, hatched: boolean, name: string, people: number, all: number): HTMLLIElement {
  return element(
    'li',
    {},
    swatch(colour, hatched),
    element('span', {}, name),
    element('b', {}, format.count(people)),
    element('small', {}, format.share(people, all)),
  );
}

/** What people find within reach at the moment of the state. */
export function momentSection({ quand, mode }: State, people: MomentPeople | undefined): HTMLElement | null {
  if (!people) return null;
  const { day, minutes } = parseMoment(quand);
  const all = MOMENT_STATES.reduce((sum, name) => sum + people[name], 0);
  return element(
    'div',
    {},
    element('h3', {}, words.moment.reached(words.moment.when(day, minutes))),
    element(
      'ul',
      { class: 'card__classes' },
      ...MOMENT_STATES.filter((name) => people[name] > 0).map((name) =>
        shareItem(MOMENT_COLOURS[name], name === 'inconnu', said(mode).states[name], people[name], all),
      ),
    ),
  );
}

/** The score, its two parts, and how much of the index is known. */
export function ifnText(ifn: Gap['ifn']): HTMLElement | undefined {
  if (ifn?.score === undefined) return undefined;
  const { score, amenagement, publics, completeness } = ifn;
  return element(
    'span',
    {},
    words.details.outOf10(format.score(score)),
    amenagement !== undefined && element('small', {}, words.details.amenagement(format.score(amenagement))),
    publics !== undefined && element('small', {}, words.details.publics(format.score(publics))),
    completeness !== undefined && element('small', {}, words.details.completeness(format.share(completeness, 1))),
  );
}

/** A fact that is a sentence rather than a figure, and weighs less. */
export function sentence(text: string): HTMLElement {
  return element('span', { class: 'facts__text' }, text);
}

export function known(value: number | undefined, show: (value: number) => string): string | undefined {
  return value === undefined ? undefined : show(value);
}


/** A number to call, as the source writes it. */
export function telephoneLink(text: string): HTMLElement {
  const digits = text.replace(/[^\d+]/g, '');
  return element('a', { class: 'link', href: `tel:${digits}` }, format.telephone(text));
}
