/** The panel of the maps of the index: which map, of what, under which weights, crossed with what, and what is missing. */
import type { Points } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import { SCALES } from '../shared/legend.gen.ts';
import { AREA_LEVELS, type AreaLevel, type Need } from '../shared/need_state.ts';
import { words } from '../shared/words.ts';
import { crossing } from './crossing.ts';
import { isFed } from './figures.ts';
import { type AskLacks, GapsList } from './gaps_panel.ts';
import { nameOf } from './labels.ts';
import { formatWeights, type Weights } from './model.ts';
import { RankTable } from './ranks.ts';
import type { ScaleName, View } from './view.ts';
import { WeightSliders } from './weights.ts';
import { terms } from './words.ts';

export interface Choices {
  readonly change: (patch: Partial<Need>) => void;
  readonly weigh: (chosen: Weights) => void;
  readonly select: (id: string) => void;
  readonly lacks: AskLacks;
}

export class NeedPanel {
  private readonly whole = element('div', { class: 'segmented__choices' });
  private readonly one = element('select', { id: 'besoin-variable' });
  private readonly levels = element('div', { class: 'segmented__choices' });
  private readonly cross = element('select', { id: 'besoin-croix' });
  private readonly crossed = element('div', { class: 'besoin__croix' });
  private readonly status = element('p', { class: 'besoin__etat', role: 'status' });
  private readonly refused = element('p', { class: 'besoin__refus', role: 'alert', hidden: true });
  private readonly weights = element('div', {});
  private readonly gaps = element('div', {});
  private readonly ranks: RankTable;
  private readonly lacks: GapsList;
  private readonly opened = new Map<string, HTMLDetailsElement>();
  private sliders: WeightSliders | undefined;
  private fitted: Points | undefined;
  private now: View | undefined;

  constructor(
    place: HTMLElement,
    private readonly choices: Choices,
  ) {
    const ranks = element('div', {});
    this.ranks = new RankTable(ranks, choices.select);
    this.lacks = new GapsList(this.gaps, choices.lacks);
    this.one.addEventListener('change', () => choices.change({ indice: this.one.value }));
    this.cross.addEventListener('change', () => choices.change({ croix: this.cross.value, parmi: '', ...(this.cross.value in SCALES ? { par: 'commune' } : {}) }));
    place.replaceChildren(
      element('h2', { id: 'besoin-titre' }, terms.title),
      element('fieldset', { class: 'control segmented' }, element('legend', {}, terms.question), this.whole),
      element('div', { class: 'control' }, element('label', { for: 'besoin-variable' }, terms.one), this.one),
      element('fieldset', { class: 'control segmented' }, element('legend', {}, terms.by), this.levels),
      element('div', { class: 'control' }, element('label', { for: 'besoin-croix' }, terms.cross), this.cross),
      this.crossed,
      this.status,
      this.refused,
      this.section('poids', terms.weights, this.weights),
      this.section('rangs', terms.ranks, ranks),
      this.section('lacunes', terms.gaps, this.gaps),
      element('p', { class: 'filters__hint besoin__suite' }, terms.below),
    );
    this.levels.append(...AREA_LEVELS.map((level) => this.radio('besoin-par', level, terms.levels[level], () => choices.change({ par: level as AreaLevel }))));
  }

  /** Shows a view; `resting` is false while a hand moves a slider, when long tables wait. */
  show(view: View, resting: boolean): void {
    this.now = view;
    if (this.fitted !== view.points) this.fit(view);
    const { need, figures, cut, chosen, refused, points } = view;
    check(this.whole, cut.figure.kind === 'variable' ? null : cut.figure.id);
    check(this.levels, need.par);
    this.one.value = cut.figure.kind === 'variable' ? cut.figure.id : '';
    this.cross.value = view.crossed?.other.figure.id ?? view.scaled?.name ?? '';
    this.sliders?.follow(chosen);
    this.refused.hidden = refused === undefined;
    this.refused.textContent = refused === undefined ? '' : terms.refused(figures.find(({ id, kind }) => id === refused && kind === 'sub')?.nom ?? '');
    if (!resting) return;
    // A checkbox under the hand would lose the focus with its table.
    const focused = document.activeElement?.id ?? '';
    this.crossed.replaceChildren(...crossing(view, (parmi) => this.choices.change({ parmi })));
    if (focused.startsWith('parmi-')) document.getElementById(focused)?.focus();
    const names = [...chosen].map(([id, weight]) => {
      const own = [...points.sub_indices, ...points.variables].find((one) => one.id === id);
      return terms.chosenOne(nameOf(figures.find((figure) => figure.id === id) ?? cut.figure), weight, own?.weight ?? 1);
    });
    const said = names.length > 0 ? `${words.fragility.chosen} ${terms.chosenHow(names)}` : '';
    if (this.status.textContent !== said) this.status.textContent = said;
    this.fill();
  }

  /** Fills what is open: tables of hundreds of rows are not made for nobody. */
  private fill(): void {
    if (!this.now) return;
    if (this.opened.get('rangs')?.open) this.ranks.show(this.now);
    if (this.opened.get('lacunes')?.open) void this.lacks.show(this.now.need.par, formatWeights(this.now.chosen));
  }

  private fit({ points, figures }: View): void {
    this.fitted = points;
    const wholes = figures.filter(({ kind }) => kind !== 'variable');
    this.whole.replaceChildren(...wholes.map((figure) => this.radio('besoin-carte', figure.id, nameOf(figure), () => this.choices.change({ indice: figure.id }))));
    const option = (value: string, label: string) => element('option', { value }, label);
    const variables = (sub: string) => figures.filter((figure) => figure.kind === 'variable' && figure.sub === sub);
    const label = (figure: (typeof figures)[number]) => (isFed(figure) ? nameOf(figure) : terms.unfed(nameOf(figure)));
    const group = (sub: string, of: readonly (typeof figures)[number][]) =>
      element('optgroup', { label: terms.maps[sub] ?? sub }, ...of.map((figure) => option(figure.id, label(figure))));
    this.one.replaceChildren(option('', terms.none), ...points.sub_indices.map(({ id }) => group(id, variables(id))));
    const crossable = figures.filter(({ kind }) => kind === 'variable');
    this.cross.replaceChildren(
      option('', terms.crossNone),
      element('optgroup', { label: terms.crossPlaces }, ...(Object.keys(SCALES) as ScaleName[]).map((name) => option(name, terms.onlyCommunes(SCALES[name].label)))),
      element('optgroup', { label: terms.crossOthers }, ...crossable.map((figure) => option(figure.id, label(figure)))),
    );
    this.sliders = new WeightSliders(this.weights, points, figures, this.choices.weigh);
  }

  private section(name: string, title: string, body: HTMLElement): HTMLDetailsElement {
    const section = element('details', { class: `control filters besoin__${name}`, id: `besoin-${name}` }, element('summary', {}, title), body);
    section.addEventListener('toggle', () => this.fill());
    this.opened.set(name, section);
    return section;
  }

  private radio(name: string, value: string, label: string, choose: () => void): HTMLElement {
    const input = element('input', { type: 'radio', name, value });
    input.addEventListener('change', choose);
    return element('label', {}, input, element('span', {}, label));
  }
}

function check(place: HTMLElement, value: string | null): void {
  for (const radio of place.querySelectorAll('input')) radio.checked = radio.value === value;
}
