/** What asking would change, told before what building would: it costs a telephone call. */
import { button, element } from '../shared/element.ts';
import { placed } from '../shared/names.ts';
import type { Knowing } from './simulation.ts';
import { words } from '../shared/words.ts';
import { terms } from './words.ts';

/** Lieux told at most. */
const MOST = 3;

/**
 * The lieux whose answer alone could make most people covered, those after `shown` folded;
 * nothing when none could. `open` shows the card of a lieu.
 */
export function knowingSection(knowing: readonly Knowing[], shown: number, open: (lieu: string) => void): HTMLElement | undefined {
  if (knowing.length === 0) return undefined;
  const items = knowing.slice(0, MOST).map((one) => item(one, open));
  const list = (some: readonly HTMLLIElement[]) => element('ul', { class: 'card__links' }, ...some);
  return element(
    'div',
    { class: 'ask knowing' },
    element('h4', {}, terms.knowing.title),
    list(items.slice(0, shown)),
    items.length > shown && element('details', {}, element('summary', {}, words.check.others(items.length - shown)), list(items.slice(shown))),
  );
}

function item({ lieu, nom, commune_nom: commune, missing, people, people_here: here }: Knowing, open: (lieu: string) => void): HTMLLIElement {
  return element(
    'li',
    {},
    `${terms.knowing.tell(missing)} `,
    button({ class: 'link' }, () => open(lieu), placed({ nom, ...(commune ? { commune } : {}) })),
    terms.knowing.colon,
    element('b', {}, terms.knowing.upTo(people)),
    here !== undefined && here < people && terms.knowing.here(here),
  );
}
