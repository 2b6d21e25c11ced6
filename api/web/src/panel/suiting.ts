/** Which hours of a lieu would suit the buses: filled in once the server has tried them all. */
import type { Api, LieuHours } from '../shared/api.ts';
import { type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import type { State } from '../shared/state.ts';
import { words } from '../shared/words.ts';
import { momentText } from './openings.ts';

const SHOWN = 4;

/** The section, for a lieu that is looked at by transit; none where there is no server to ask. */
export function suitingSection(api: Api, id: string, state: State, signal: AbortSignal): Child {
  if (api.site || state.mode !== 'transit') return null;
  const place = element('div', { class: 'card__suiting', 'aria-live': 'polite' }, element('h3', {}, words.details.suiting.title), element('p', { class: 'card__note' }, words.details.suiting.loading));
  api.getLieuHours(id, state, signal).then(
    (hours) => place.replaceChildren(...body(hours)),
    () => place.remove(), // the card says enough without it
  );
  return place;
}

function body({ impossible, days, tried, covered_before: before }: LieuHours): Element[] {
  const title = element('h3', {}, words.details.suiting.title);
  if (impossible) return [title, element('p', { class: 'card__note' }, words.details.suiting.impossible(impossible))];
  if (days.length === 0) return [title, element('p', { class: 'card__note' }, words.details.suiting.none(tried))];
  return [
    title,
    element('ol', { class: 'card__list' }, ...days.slice(0, SHOWN).map(item)),
    element('p', { class: 'card__note' }, words.details.suiting.note(tried, before)),
  ];
}

function item({ ouvrir: open, au_lieu_de: instead, gained, lost }: LieuHours['days'][number]): HTMLElement {
  const covered = gained.people - lost.people;
  const reached = gained.reached - lost.reached;
  const hours = gained.hours_people - lost.hours_people;
  const gain = [
    covered !== 0 && words.details.suiting.covered(covered),
    reached !== 0 && words.details.suiting.reached(reached),
    covered === 0 && hours !== 0 && words.details.suiting.hours(hours),
    lost.people > 0 && words.details.suiting.lost(lost.people),
  ].filter(Boolean);
  return element('li', {}, words.details.suiting.instead(momentText(open), momentText(instead)), element('small', {}, format.list(gain as string[])));
}
