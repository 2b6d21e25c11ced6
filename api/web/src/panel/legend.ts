/** What the colours mean, and for how many people. */
import type { Classe, Edition, Gap } from '../shared/api.ts';
import { classBar, swatch } from '../shared/bar.ts';
import { CLASS_ORDER } from '../shared/legend.gen.ts';
import { element, svg } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { words } from '../shared/words.ts';
import {
  ACT_BOUNDS,
  ACT_FIRST,
  ACT_NONE,
  ACT_UNKNOWN,
  CLASS_CODES,
  COLOURS,
  HATCHED,
  HOURS_BOUNDS,
  HOURS_FIRST,
  HOURS_NO_LIEU,
  HOURS_UNKNOWN,
  IFN_FIRST,
  IFN_UNKNOWN,
  MOMENT_CODES,
  MOMENT_STATES,
  OUTSIDE_OPACITY,
  PALETTE,
  TIME_BOUNDS,
  TIME_FIRST,
  TIME_NONE,
} from '../shared/palette.ts';
import { said } from '../shared/said.ts';
import { byTimetable, type State } from '../shared/state.ts';

/** A line of a legend: a paint code, what it means, for how many. */
export interface Entry {
  readonly code: number;
  readonly label: string;
  readonly note?: string;
  readonly people?: number;
  readonly percent?: string;
}

/** The legend's figures: exact by class; by paint code for the other views, once counted. */
export interface Figures {
  readonly departement: Gap;
  readonly peopleByCode?: ReadonlyMap<number, number>;
  readonly ifnBounds?: readonly number[];
}

export function showLegend(place: HTMLElement, state: State, figures: Figures): void {
  const entries = entriesOf(state, figures);
  place.replaceChildren(
    element('h2', { class: 'legend__title' }, said(state.mode).titles[state.vue]),
    ...(state.vue === 'classes' ? [classBar(figures.departement, { decorative: true })] : []),
    element('ul', { class: 'legend__list' }, ...entries.map(entryItem)),
    ...notes(state).map((text) => element('p', { class: 'legend__note' }, text)),
    symbols(),
  );
}

/** Says under the map what was modelled and who the data comes from. */
export function showModelled(place: HTMLElement, edition: Edition): void {
  const names = modelledNames(edition);
  place.hidden = names.length === 0;
  place.replaceChildren(element('b', {}, words.legend.modelledTitle), ` ${words.legend.modelled(names)}`);
}

/** Short names of what was modelled and not observed: "Réseau routier modélisé : graphe…" is "réseau routier". */
export function modelledNames({ modelled = [] }: Edition): string[] {
  const names = modelled.map((sentence) => {
    const [subject = sentence] = sentence.split(/\s:\s/);
    return lowered(subject.replace(/\smodélisée?s?$/u, ''));
  });
  return [...new Set(names)];
}

function lowered(text: string): string {
  return text.charAt(0).toLocaleLowerCase('fr-FR') + text.slice(1);
}

/** Exported for its test: the entries of the legend for this view. */
export function entriesOf(state: State, figures: Figures): Entry[] {
  if (state.vue === 'classes') return CLASS_ORDER.map((classe) => classEntry(classe, state, figures.departement));

  const people = (code: number) => figures.peopleByCode?.get(code) ?? (figures.peopleByCode ? 0 : undefined);
  const entry = (code: number, label: string): Entry => {
    const counted = people(code);
    return { code, label, ...(counted === undefined ? {} : { people: counted }) };
  };
  switch (state.vue) {
    case 'temps': {
      const last = TIME_BOUNDS.length - 1;
      return [
        ...TIME_BOUNDS.map((bound, band) =>
          entry(
            TIME_FIRST + band,
            band === 0
              ? words.legend.upTo(format.minutes(bound))
              : words.legend.between(String(TIME_BOUNDS[band - 1]), `${bound}\u00a0min`),
          ),
        ),
        entry(TIME_FIRST + last + 1, words.legend.moreThan(`${TIME_BOUNDS[last]}\u00a0min`)),
        entry(TIME_NONE, words.legend.noWay),
      ];
    }
    case 'heures':
      return [
        ...bandLabels(HOURS_BOUNDS, (bound) => format.hours(bound)).map((label, band) => entry(HOURS_FIRST + band, label)),
        entry(HOURS_NO_LIEU, words.legend.noLieu(state.minutes)),
        entry(HOURS_UNKNOWN, words.legend.hoursUnknown),
      ];
    case 'moment':
      return MOMENT_STATES.map((name) => ({ ...entry(MOMENT_CODES[name], said(state.mode).states[name]), note: said(state.mode).notes[name](state.minutes) }));
    case 'ifn':
      return [
        ...bandLabels(figures.ifnBounds ?? [], format.decimal).map((label, band) => entry(IFN_FIRST + band, label)),
        entry(IFN_UNKNOWN, words.legend.ifnUnknown),
      ];
    case 'agir':
      return [
        entry(ACT_NONE, words.legend.actNone),
        ...bandLabels(ACT_BOUNDS, format.count).map((label, band) => entry(ACT_FIRST + band, label)),
        entry(ACT_UNKNOWN, words.legend.actUnknown),
      ];
  }
}

function classEntry(classe: Classe, { minutes, hours, mode }: State, gap: Gap): Entry {
  const without = classe === 'grise' && byTimetable(mode) && gap.grise_without_hours > 0 ? ` ; ${words.timetable.withoutHours(gap.grise_without_hours)}` : '';
  return {
    code: CLASS_CODES[classe],
    label: words.classes[classe],
    note: said(mode).classNotes(classe, minutes, hours) + without,
    people: gap.classes[classe],
    percent: format.share(gap.classes[classe], gap.population),
  };
}

/** Labels of bands cut at lower bounds: "moins de a", "a à b", …, "z ou plus". */
function bandLabels(bounds: readonly number[], show: (bound: number) => string): string[] {
  const first = bounds[0];
  const last = bounds.at(-1);
  if (first === undefined || last === undefined) return [words.legend.ifnAll];
  return [
    words.legend.lessThan(show(first)),
    ...bounds.slice(1).map((bound, index) => words.legend.between(show(bounds[index] ?? first), show(bound))),
    words.legend.atLeast(show(last)),
  ];
}

export function entryItem({ code, label, note, people, percent }: Entry): HTMLLIElement {
  return element(
    'li',
    { class: 'legend__entry' },
    swatch(COLOURS.get(code) ?? PALETTE.paper, HATCHED.has(code)),
    element(
      'span',
      { class: 'legend__label' },
      note ? element('b', {}, label) : label,
      note && element('small', {}, note),
    ),
    people !== undefined &&
      element(
        'span',
        { class: 'legend__people' },
        format.count(people),
        percent && element('small', {}, percent),
      ),
  );
}

function notes({ vue, mode }: State): string[] {
  switch (vue) {
    case 'classes':
    case 'moment':
      return [];
    case 'temps':
    case 'heures':
      return [...new Set([vue === 'temps' ? said(mode).timeNote : said(mode).hourNote, words.legend.bandsNote])];
    case 'ifn':
      return [words.legend.ifnNote];
    case 'agir':
      return [words.legend.actFormula, words.legend.actNote];
  }
}

/** The same shapes as symbols.ts draws on the map; over territoires painted whole there are no zones, and lieux from near alone. */
export function symbols(areas = false): HTMLElement {
  const item = (shape: SVGElement, label: string) =>
    element('li', {}, svg('svg', { viewBox: '0 0 16 16', class: 'legend__symbol', 'aria-hidden': 'true' }, shape), label);
  const ink = { stroke: PALETTE.ink, 'stroke-width': 2 };
  const list = element(
    'ul',
    { class: 'legend__symbols', 'aria-label': words.legend.symbols },
    item(svg('circle', { cx: 8, cy: 8, r: 5, fill: PALETTE.ink, ...ink }), words.legend.lieu),
    item(svg('path', { d: 'M8 1.5 L14.5 8 L8 14.5 L1.5 8 Z', fill: PALETTE.ink, ...ink, 'stroke-width': 1 }), words.legend.arret),
    item(svg('circle', { cx: 8, cy: 8, r: 5, fill: PALETTE.paper, ...ink }), words.legend.sansHoraires),
    item(svg('g', { fill: 'none', stroke: PALETTE['ink-soft'], 'stroke-width': 1.3 }, svg('circle', { cx: 8, cy: 8, r: 6.2, fill: PALETTE.paper }), svg('path', { d: 'M6 6.2 A2 2 0 1 1 8 8.2 L8 9.6 M8 11.2 L8 12.4' })), words.legend.sansServices),
    item(svg('circle', { cx: 8, cy: 8, r: 5, fill: PALETTE.ink, opacity: OUTSIDE_OPACITY, ...ink }), words.legend.dehors),
    !areas && item(svg('path', { d: 'M2 5 L8 2 L14 5 L14 11 L8 14 L2 11 Z', fill: 'none', stroke: PALETTE.zone, 'stroke-width': 2 }), words.legend.zone),
  );
  // From afar, the keys of what is not drawn would be read as if it were.
  return areas ? element('details', { class: 'legend__near' }, element('summary', {}, words.legend.near), list) : list;
}
