/** The index of one territoire, variable by variable: what a person reads behind one score. */
import type { Api, Index, IndexRow, IndexVariable } from '../shared/api.ts';
import { type Child, element, svg } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { words } from '../shared/words.ts';

const WIDTH = 100;
const HEIGHT = 8;

/** One line of the table: a variable that is known here. */
export interface Share {
  readonly variable: IndexVariable;
  /** What it adds to the index, in points; those of all variables add up to the score. */
  readonly adds: number;
  readonly values: readonly string[];
}

/** The variables known in `row`, by sub-index in their order, the largest share of each first. */
export function shares(index: Index, row: IndexRow): ReadonlyMap<string, readonly Share[]> {
  const groups = new Map<string, Share[]>();
  for (const variable of index.variables) {
    const adds = row.contributions?.[variable.id];
    if (adds === undefined || variable.weight === 0) continue;
    const group = groups.get(variable.sub_index) ?? [];
    group.push({ variable, adds, values: values(variable, row) });
    groups.set(variable.sub_index, group);
  }
  for (const group of groups.values()) group.sort((a, b) => b.adds - a.adds);
  return groups;
}

/** The value of a variable with its unit, or one for each known part. */
function values(variable: IndexVariable, row: IndexRow): string[] {
  const own = row.values[variable.id];
  if (own !== undefined) return [format.quantity(own, variable.unit)];
  return (variable.parts ?? []).flatMap((part) => {
    const value = row.values[`${variable.id}.${part.id}`];
    const name = part.nom.split(' : ').at(-1) ?? part.nom;
    return value === undefined ? [] : [`${name}\u00a0: ${format.quantity(value, part.unit)}`];
  });
}

/** A section that opens; the index, under chosen weights or (empty) its own, is asked for when it first does. */
export function indexSection(api: Api, type: string, code: string, weights: string): HTMLDetailsElement {
  const body = element('div', { class: 'fragilite__body' });
  const section = element('details', { class: 'fragilite' }, element('summary', {}, words.fragility.open), body);
  let asked = false;
  section.addEventListener('toggle', () => {
    if (!section.open || asked) return;
    asked = true;
    body.replaceChildren(element('p', { role: 'status' }, words.details.loading));
    api.getIndex(type, code, weights).then(
      (index) => body.replaceChildren(...(weights ? [element('p', { class: 'fragilite__poids' }, words.fragility.chosen)] : []), ...content(index, api.indexFiles(type, weights))),
      () => {
        asked = false;
        body.replaceChildren(element('p', { role: 'alert' }, words.errors.unreachable));
      },
    );
  });
  return section;
}

function content(index: Index, files: Readonly<Record<'csv' | 'xlsx', string>>): Node[] {
  const row = index.rows[0];
  if (!row) return [element('p', {}, words.details.unknown)];
  const groups = shares(index, row);
  const most = Math.max(...[...groups.values()].flat().map(({ adds }) => Math.abs(adds)), Number.EPSILON);
  const missing = index.variables.filter(({ id, weight }) => weight > 0 && row.points[id] === undefined);
  const nodes: Child[] = [
    element('p', {}, standing(index, row)),
    row.score !== undefined &&
      element(
        'table',
        { class: 'fragilite__table' },
        element('caption', {}, words.fragility.caption(format.score(row.score))),
        element(
          'thead',
          {},
          element('tr', {}, ...[words.fragility.variable, words.fragility.adds].map((text) => element('th', { scope: 'col' }, text))),
        ),
        ...[...groups].map(([id, group]) => groupRows(id, row, group, most)),
      ),
    moved(index, row),
    missing.length > 0 &&
      element('p', {}, element('b', {}, words.fragility.missing(missing.length, index.variables.length)), ` ${missing.map(({ nom }) => nom).join(', ')}.`),
    element('p', { class: 'card__note' }, words.fragility.formula(index.formula)),
    element(
      'p',
      {},
      words.fragility.keep,
      ...(['csv', 'xlsx'] as const).flatMap((kind) => [' ', element('a', { class: 'link', href: files[kind], download: true }, words.fragility.files[kind])]),
    ),
  ];
  return nodes.filter((node) => node instanceof Node);
}

function groupRows(id: string, row: IndexRow, group: readonly Share[], most: number): HTMLTableSectionElement {
  const score = id === 'amenagement' ? row.amenagement : id === 'publics' ? row.publics : undefined;
  const title = words.fragility.subIndices[id] ?? id;
  return element(
    'tbody',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'rowgroup', colspan: 2 }, score === undefined ? title : words.fragility.sub(title, format.score(score))),
    ),
    ...group.map(({ variable, adds, values: texts }) =>
      element(
        'tr',
        {},
        element(
          'th',
          { scope: 'row' },
          variable.nom,
          ...texts.map((text) => element('small', {}, text)),
          variable.proxy && element('small', {}, words.fragility.proxy(variable.proxy)),
          variable.old && element('small', { class: 'fragilite__ancien' }, words.fragility.old),
          element('small', {}, [variable.source, variable.vintage && format.date(variable.vintage)].filter(Boolean).join(', ')),
        ),
        element('td', {}, format.hundredths(adds), bar(adds, most)),
      ),
    ),
  );
}

/** The length of a share beside the largest one; the figure stands above it, so readers skip it. */
function bar(adds: number, most: number): SVGElement {
  return svg(
    'svg',
    { class: 'fragilite__bar', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { width: WIDTH, height: HEIGHT, class: 'fragilite__track' }),
    svg('rect', { width: (WIDTH * Math.max(0, adds)) / most, height: HEIGHT, class: 'fragilite__fill' }),
  );
}

function standing(index: Index, row: IndexRow): string {
  const { rank, rank_low: low, rank_high: high } = row;
  if (rank === undefined) return words.fragility.noScore(format.share(index.min_completeness, 1));
  if (index.ranked < 2) return words.fragility.alone;
  return low !== undefined && high !== undefined ? words.fragility.interval(low, high, index.ranked) : words.fragility.rank(rank, index.ranked);
}

/** Which variables move the territoire most: the score with them, less the score without. */
function moved(index: Index, row: IndexRow): HTMLElement | null {
  const names = (row.influence ?? []).flatMap(({ variable, delta }) => {
    const found = index.variables.find(({ id }) => id === variable);
    return found ? [words.fragility.influence(found.nom, format.hundredths(delta), delta > 0)] : [];
  });
  return names.length > 0 ? element('p', {}, element('b', {}, words.fragility.moved), ` ${names.join('\u00a0; ')}.`) : null;
}
