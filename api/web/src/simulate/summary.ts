/** What a simulation changes, in words and in a table. */
import type { Edition } from '../shared/api.ts';
import { type Child, element } from '../shared/element.ts';
import { type Effect, effectOf, isNothing, mostChanged, within } from './effect.ts';
import { words } from '../shared/words.ts';
import { modelledNames } from '../panel/legend.ts';
import { terms } from './words.ts';
import type { Change, Simulation } from './simulation.ts';
import type { State } from '../shared/state.ts';

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
  const { summary } = terms;
  const { covered, within: reach, moreHours, fewerHours, nearer } = effect;
  const said: (Said | false)[] = [
    covered.gained > 0 && { tone: 'gain', line: summary.covered(covered.gained) },
    reach.gained > 0 && { tone: 'gain', line: summary.within(reach.gained, minutes, mode) },
    moreHours.people > 0 && { tone: 'gain', line: summary.more(moreHours.mean, moreHours.people) },
    nearer.gained > 0 && { tone: 'neutre', line: summary.nearer(nearer.gained) },
    covered.lost > 0 && { tone: 'perte', line: summary.uncovered(covered.lost) },
    reach.lost > 0 && { tone: 'perte', line: summary.beyond(reach.lost, minutes, mode) },
    fewerHours.people > 0 && { tone: 'perte', line: summary.fewer(fewerHours.mean, fewerHours.people) },
    nearer.lost > 0 && { tone: 'neutre', line: summary.farther(nearer.lost) },
  ];
  return said.filter((one) => one !== false);
}

/** The figures for the live region. */
export function spokenSummary(simulation: Simulation, state: State): string {
  const effect = effectOf(simulation);
  const said = sentences(effect, state).map(({ line: [figure, text] }) => `${figure} ${text}`);
  return said.length > 0 ? `${said.join(', ')}.` : terms.summary.nothing;
}

/** Whether the territoires are unfolded, kept from one simulation to the next. */
export interface Fold {
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}

/** The body of the panel's results. */
export function summaryBody(simulation: Simulation, state: State, edition: Edition, fold: Fold): Child[] {
  const effect = effectOf(simulation);
  const note = modelledNames(edition).length > 0 && element('p', { class: 'card__note' }, terms.summary.modelled);
  if (isNothing(effect)) return [element('p', { class: 'bilan__none' }, terms.summary.nothing), note];
  const { before, after } = effect.zones;
  return [
    element(
      'ul',
      { class: 'bilan' },
      ...sentences(effect, state).map(({ tone, line: [figure, text] }) =>
        element('li', { class: `bilan__${tone}` }, element('b', {}, figure), ' ', element('span', {}, text)),
      ),
    ),
    simulation.gained_publics_sentence !== undefined &&
      element('p', { class: 'card__note' }, terms.summary.gainedPublics(simulation.gained_publics_sentence)),
    simulation.lost_publics_sentence !== undefined &&
      element('p', { class: 'card__note' }, terms.summary.lostPublics(simulation.lost_publics_sentence)),
    element(
      'dl',
      { class: 'facts' },
      fact(terms.summary.zones, before.zones, after.zones),
      fact(terms.summary.zonePeople, before.people, after.people),
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
    element('span', { 'aria-hidden': 'true' }, terms.summary.from(before, after)),
    element('span', { class: 'visually-hidden' }, terms.summary.fromSpoken(before, after)),
  ];
}

function changesTable(changes: readonly Change[], minutes: number, { open, onToggle }: Fold): HTMLElement | false {
  const rows = [...mostChanged(changes, ['epci'], MOST_EPCI), ...mostChanged(changes, ['commune'], MOST_COMMUNES)];
  if (rows.length === 0) return false;
  const table = element(
    'table',
    { class: 'changes' },
    element('caption', { class: 'visually-hidden' }, terms.summary.table),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, terms.summary.nom),
        element('th', { scope: 'col' }, terms.summary.coveredColumn),
        element('th', { scope: 'col' }, terms.summary.withinColumn(minutes)),
      ),
    ),
    element('tbody', {}, ...rows.map(changeRow)),
  );
  const details = element('details', { class: 'field', open }, element('summary', {}, terms.summary.table), table);
  details.addEventListener('toggle', () => onToggle(details.open));
  return details;
}

function changeRow({ type, nom, before, after }: Change): HTMLElement {
  const cell = (from: number, to: number) =>
    element('td', { class: from === to ? 'is-same' : to > from ? 'is-more' : 'is-fewer' }, ...arrow(from, to));
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, nom, type === 'epci' && element('small', {}, words.levels.epci)),
    cell(before.classes.couverte, after.classes.couverte),
    cell(within(before), within(after)),
  );
}
