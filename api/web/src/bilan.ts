/** What a simulation changes, in words and in a table. */
import type { Edition } from './api.ts';
import { type Child, element } from './element.ts';
import { type Effect, effectOf, isNothing, mostChanged, within } from './effect.ts';
import { words } from './words.ts';
import { modelledNames } from './legend.ts';
import { mots } from './simuler.words.ts';
import type { Change, Simulation } from './simulation.ts';
import type { State } from './state.ts';

/** Rows of the table, for each level. */
const MOST_EPCI = 4;
const MOST_COMMUNES = 8;

type Line = readonly [figure: string, text: string];
interface Said {
  readonly tone: 'gain' | 'perte' | 'neutre';
  readonly line: Line;
}

/** The sentences of an effect, gains before losses. */
export function sentences(effect: Effect, { minutes, mode }: State): Said[] {
  const { bilan } = mots;
  const { covered, within: reach, moreHours, fewerHours, nearer } = effect;
  const said: (Said | false)[] = [
    covered.gained > 0 && { tone: 'gain', line: bilan.covered(covered.gained) },
    reach.gained > 0 && { tone: 'gain', line: bilan.within(reach.gained, minutes, mode) },
    moreHours.people > 0 && { tone: 'gain', line: bilan.more(moreHours.mean, moreHours.people) },
    nearer.gained > 0 && { tone: 'neutre', line: bilan.nearer(nearer.gained) },
    covered.lost > 0 && { tone: 'perte', line: bilan.uncovered(covered.lost) },
    reach.lost > 0 && { tone: 'perte', line: bilan.beyond(reach.lost, minutes, mode) },
    fewerHours.people > 0 && { tone: 'perte', line: bilan.fewer(fewerHours.mean, fewerHours.people) },
    nearer.lost > 0 && { tone: 'neutre', line: bilan.farther(nearer.lost) },
  ];
  return said.filter((one) => one !== false);
}

/** The figures for the live region. */
export function spokenBilan(simulation: Simulation, state: State): string {
  const effect = effectOf(simulation);
  const said = sentences(effect, state).map(({ line: [figure, text] }) => `${figure} ${text}`);
  return said.length > 0 ? `${said.join(', ')}.` : mots.bilan.nothing;
}

/** Whether the territoires are unfolded, kept from one simulation to the next. */
export interface Fold {
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}

/** The body of the panel's results. */
export function bilanBody(simulation: Simulation, state: State, edition: Edition, fold: Fold): Child[] {
  const effect = effectOf(simulation);
  const note = modelledNames(edition).length > 0 && element('p', { class: 'card__note' }, mots.bilan.modelled);
  if (isNothing(effect)) return [element('p', { class: 'bilan__none' }, mots.bilan.nothing), note];
  const { before, after } = effect.zones;
  return [
    element(
      'ul',
      { class: 'bilan' },
      ...sentences(effect, state).map(({ tone, line: [figure, text] }) =>
        element('li', { class: `bilan__${tone}` }, element('b', {}, figure), ' ', element('span', {}, text)),
      ),
    ),
    element(
      'dl',
      { class: 'facts' },
      fact(mots.bilan.zones, before.zones, after.zones),
      fact(mots.bilan.zonePeople, before.people, after.people),
    ),
    changesTable(simulation.territoires, state.minutes, fold),
    note,
  ];
}

function fact(label: string, before: number, after: number): HTMLElement {
  return element('div', {}, element('dt', {}, label), element('dd', {}, ...arrow(before, after)));
}

/** "12 → 9", read as "12 avant, 9 après". */
function arrow(before: number, after: number): HTMLElement[] {
  return [
    element('span', { 'aria-hidden': 'true' }, mots.bilan.from(before, after)),
    element('span', { class: 'visually-hidden' }, mots.bilan.fromSpoken(before, after)),
  ];
}

function changesTable(changes: readonly Change[], minutes: number, { open, onToggle }: Fold): HTMLElement | false {
  const rows = [...mostChanged(changes, ['epci'], MOST_EPCI), ...mostChanged(changes, ['commune'], MOST_COMMUNES)];
  if (rows.length === 0) return false;
  const table = element(
    'table',
    { class: 'changes' },
    element('caption', { class: 'visually-hidden' }, mots.bilan.table),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, mots.bilan.nom),
        element('th', { scope: 'col' }, mots.bilan.coveredColumn),
        element('th', { scope: 'col' }, mots.bilan.withinColumn(minutes)),
      ),
    ),
    element('tbody', {}, ...rows.map(changeRow)),
  );
  const details = element('details', { class: 'field', open }, element('summary', {}, mots.bilan.table), table);
  details.addEventListener('toggle', () => onToggle(details.open));
  return details;
}

function changeRow({ type, nom, before, after }: Change): HTMLElement {
  const cell = (from: number, to: number) =>
    element('td', { class: from === to ? 'is-same' : to > from ? 'is-more' : 'is-fewer' }, ...arrow(from, to));
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, nom, type === 'epci' && element('small', {}, words.niveaux.epci)),
    cell(before.classes.couverte, after.classes.couverte),
    cell(within(before), within(after)),
  );
}
