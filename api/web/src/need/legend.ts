/** The legend of a map of the index: bands and their people, where the values come from, how much of them is known. */
import { swatch } from '../shared/bar.ts';
import { type Child, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { COLOURS, CROSSED_FIRST, FADED, IFN_FIRST, IFN_UNKNOWN } from '../shared/palette.ts';
import { type Entry, entryItem } from '../panel/legend.ts';
import { words } from '../shared/words.ts';
import { THIRDS } from './bands.ts';
import { feeders, isFed, members, oldYear } from './figures.ts';
import { bandLabels, nameOf, unitOf, vintagesOf } from './labels.ts';
import type { Crossed, View } from './view.ts';
import { terms } from './words.ts';

export function showNeedLegend(place: HTMLElement, view: View, symbols: HTMLElement): void {
  const { cut, crossed, need } = view;
  const title = crossed ? terms.crossTitle(nameOf(cut.figure), nameOf(crossed.other.figure)) : nameOf(cut.figure);
  place.replaceChildren(
    element('h2', { class: 'legend__title' }, `${title} – ${terms.levels[need.par]}`),
    ...(view.chosen.size > 0 ? [element('p', { class: 'legend__chosen' }, words.fragility.chosen)] : []),
    ...(crossed ? [crossedTable(crossed)] : [element('p', { class: 'legend__unit' }, unitOf(cut.figure)), ...standIn(view), element('ul', { class: 'legend__list' }, ...entries(view).map(entryItem))]),
    ...notes(view).map((note) => element('p', { class: 'legend__note' }, note)),
    ...oldNote(view),
    element('p', { class: 'legend__note legend__print' }, terms.edition(view.points.edition)),
    symbols,
  );
}

/** What stands for a variable: without it, its unit beside its name says something else. */
function standIn({ cut: { figure } }: View): HTMLElement[] {
  const proxy = figure.parted ? undefined : figure.variable?.proxy;
  return proxy && isFed(figure) ? [element('p', { class: 'legend__unit' }, terms.proxy(proxy))] : [];
}

function entries({ cut, tally, hidden }: View): Entry[] {
  return [
    ...bandLabels(cut).map((label, k) => ({ code: IFN_FIRST + k, label, people: tally.people[k] ?? 0 })),
    { code: IFN_UNKNOWN, label: terms.unknown, people: tally.unknown },
    ...(hidden > 0 ? [{ code: FADED, label: terms.faded, people: hidden }] : []),
  ];
}

/** Need downwards, the other figure across, so that the corner of both reads last, as the eye does. */
function crossedTable({ need, other, counted }: Crossed): HTMLElement {
  const [rows, columns] = [bandLabels(need), bandLabels(other)];
  const cell = (k: number): Child => {
    const people = counted.people[k] ?? 0;
    const patch = swatch(COLOURS.get(CROSSED_FIRST + k) ?? '', false);
    patch.setAttribute('preserveAspectRatio', 'none');
    return element('td', {}, patch, element('span', {}, format.count(people)));
  };
  return element(
    'table',
    { class: 'croix' },
    element('caption', {}, terms.crossCaption),
    element('thead', {}, element('tr', {}, element('td', {}), ...columns.map((label) => element('th', { scope: 'col' }, label)))),
    element(
      'tbody',
      {},
      ...rows.map((label, row) => element('tr', {}, element('th', { scope: 'row' }, label), ...columns.map((_, column) => cell(THIRDS * row + column)))),
    ),
  );
}

function notes(view: View): string[] {
  const { cut, crossed, points, need, scores, people } = view;
  const all = people.reduce((sum, n) => sum + n, 0);
  const unknown = crossed?.counted.unknown ?? cut.counted.unknown;
  const places = points.territoires.length - (crossed?.counted.unknownTerritoires ?? cut.counted.unknownTerritoires);
  const known = terms.known(format.share(all - unknown, all), places, points.territoires.length, need.par);
  const provenance = (crossed ? [cut.figure, crossed.other.figure] : [cut.figure]).flatMap((figure) => {
    const { variable, parted } = figure;
    if (variable && !parted) {
      const named = crossed ? `${nameOf(figure)}. ` : '';
      if (!isFed(figure)) return [named + terms.noSource];
      return [named + terms.source(variable.source ?? '', variable.vintage ? format.date(variable.vintage) : ''), ...(crossed && variable.proxy ? [terms.proxy(variable.proxy)] : [])];
    }
    const of = members(view.figures, figure);
    const fed = of.filter(isFed);
    const proxies = fed.filter(({ variable: one }) => one?.proxy || one?.parts?.some((part) => part.proxy)).length;
    return [[terms.feeds(fed.length, of.length, vintagesOf(feeders(view.figures, figure).filter(isFed))), proxies > 0 && terms.proxies(proxies)].filter(Boolean).join(' ')];
  });
  const mean = scores && all > 0 ? scores.completeness.reduce((sum, share, i) => sum + share * (people[i] ?? 0), 0) / all : 0;
  return [
    ...(crossed ? [] : [terms.fifths]),
    known,
    ...provenance,
    ...(cut.figure.kind === 'index' && !crossed ? [terms.completeness(format.share(mean, 1))] : []),
  ];
}

/** Data that are older than the figure should be of. */
export function oldNote({ figures, cut, crossed }: Pick<View, 'figures' | 'cut' | 'crossed'>): HTMLElement[] {
  const of = [...feeders(figures, cut.figure), ...(crossed ? feeders(figures, crossed.other.figure) : [])];
  const old = of.flatMap((figure) => {
    const year = oldYear(figure.variable);
    return year ? [terms.oldOne(nameOf(figure), year)] : [];
  });
  if (old.length === 0) return [];
  return [element('p', { class: 'legend__note legend__old' }, element('b', {}, terms.oldTitle), ` ${terms.oldOf(old)}`)];
}
