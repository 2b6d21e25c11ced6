/**
 * The tools of a simulation: the form of each thing that a planner may try. A
 * tool only proposes another scenario to its bench; marks, figures, history and
 * the address are the bench's business.
 */
import { isAbort, type LieuFeature, type LonLat } from '../shared/api.ts';
import { button, type Child, element } from '../shared/element.ts';
import { hoursField, servicesField, textField } from './fields.ts';
import type { MapView } from '../map/view.ts';
import {
  type Action,
  type AddLieu,
  type AddTournee,
  appended,
  DAYS,
  moved,
  MOMENTS,
  reordered,
  replaced,
  RHYTHMS,
  rounded,
  type Scenario,
  settledOn,
  type Stop,
  type Visit,
  visitOf,
  whenOf,
} from './scenario.ts';
import { terms } from './words.ts';
import { type Place, placeOf, type Supply } from './simulation.ts';

export const TOOLS = ['ouvrir', 'fermer', 'deplacer', 'horaires', 'tournee', 'suggerer'] as const;
export type ToolKey = (typeof TOOLS)[number];

export interface Tool {
  readonly key: ToolKey;
  /** What comes before the figures: where to click. */
  readonly head?: HTMLElement;
  readonly body: HTMLElement;
  /** Where the server's remark on what was typed is shown. */
  readonly fault?: HTMLElement;
  /** Takes clicks on the map, and Enter at its centre. */
  readonly onPlace?: (at: LonLat) => void;
  /** Takes the lieu that was clicked. */
  readonly onLieu?: (lieu: LieuFeature) => void;
  /** The scenario changed by other hands, as when a mark was dragged. */
  readonly refresh?: () => void;
  readonly end?: () => void;
}

export interface Bench {
  readonly map: MapView;
  readonly lieux: readonly LieuFeature[];
  /** What the next lieu would offer: the last that was chosen. */
  supply: Supply;
  scenario(): Scenario;
  change(next: Scenario): void;
  say(text: string): void;
  /** Opens a tool; `index` is the action it changes. */
  use(key: ToolKey, index?: number): void;
  /** The tool takes clicks on the map from now on, or no more. */
  retarget(): void;
  places(supply: Supply, signal: AbortSignal): Promise<readonly Place[]>;
  showGains(supply: Supply): void;
  sentence(error: unknown): string;
}

export function makeTool(key: ToolKey, bench: Bench, index: number | undefined): Tool {
  switch (key) {
    case 'ouvrir':
      return openTool(bench, index);
    case 'fermer':
      return closeTool(bench);
    case 'deplacer':
      return moveTool(bench, index);
    case 'horaires':
      return hoursTool(bench, index);
    case 'tournee':
      return tourTool(bench, index);
    case 'suggerer':
      return suggestTool(bench);
  }
}

/** The tool that changes this action; undefined when it can only be removed. */
export function toolOf({ do: verb }: Action): ToolKey | undefined {
  const tools: Partial<Record<Action['do'], ToolKey>> = {
    add_lieu: 'ouvrir',
    move_lieu: 'deplacer',
    set_hours: 'horaires',
    add_tournee: 'tournee',
  };
  return tools[verb];
}

function openTool(bench: Bench, index: number | undefined): Tool {
  let at = index;
  const action = () => (at === undefined ? undefined : (bench.scenario().actions[at] as AddLieu | undefined));
  const rank = (index ?? bench.scenario().actions.length) + 1;
  let draft: { nom: string; supply: Supply } = { nom: action()?.nom ?? terms.newLieu(rank), supply: action() ?? bench.supply };
  const hint = hintLine(at === undefined ? terms.place.hint : terms.place.hintAgain);

  const place = (to: LonLat) => {
    const old = action();
    if (old && at !== undefined) {
      bench.change(replaced(bench.scenario(), at, moved(old, to)));
      bench.say(terms.place.moved);
      return;
    }
    at = bench.scenario().actions.length;
    const { services, horaires } = draft.supply;
    bench.change(appended(bench.scenario(), { do: 'add_lieu', nom: draft.nom, ...rounded(to), services, horaires }));
    hint.textContent = terms.place.hintAgain;
    bench.say(terms.place.placed);
  };
  const update = (patch: { nom?: string } & Partial<Supply>) => {
    draft = { nom: patch.nom ?? draft.nom, supply: { ...draft.supply, ...patch } };
    bench.supply = { services: draft.supply.services, horaires: draft.supply.horaires };
    const old = action();
    if (old && at !== undefined) bench.change(replaced(bench.scenario(), at, { ...old, ...patch }));
  };
  const fault = faultLine();
  return {
    key: 'ouvrir',
    fault,
    head: element('div', { class: 'tool' }, hint, placingHelp(bench, terms.place.atCenter, place)),
    body: element(
      'div',
      { class: 'tool' },
      hoursField('heures-lieu', draft.supply.horaires, (horaires) => update({ horaires }), fault),
      servicesField('services-lieu', draft.supply.services, (services) => update({ services })),
      textField('nom-lieu', terms.name, draft.nom, (nom) => update({ nom: nom || terms.newLieu(rank) })),
    ),
    onPlace: place,
  };
}

function closeTool(bench: Bench): Tool {
  const choose = (lieu: LieuFeature) => {
    const { kind, nom } = lieu.properties;
    const tour = kind === 'arret' ? tourOf(lieu) : undefined;
    bench.change(settledOn(bench.scenario(), tour ? { do: 'remove_tournee', id: tour } : { do: 'close_lieu', id: lieu.properties.id }));
    bench.say(terms.pick.closed(nom));
  };
  return {
    key: 'fermer',
    head: element('div', { class: 'tool' }, lieuField(bench, 'fermer', () => true, choose)),
    body: element('div'),
    onLieu: choose,
  };
}

function moveTool(bench: Bench, index: number | undefined): Tool {
  const body = element('div', { class: 'tool' });
  let lieu: LieuFeature | undefined;
  const place = (to: LonLat) => {
    if (!lieu) return;
    bench.change(settledOn(bench.scenario(), { do: 'move_lieu', id: lieu.properties.id, ...rounded(to) }));
    bench.say(terms.place.moved);
  };
  const tool = {
    key: 'deplacer' as const,
    head: body,
    body: element('div'),
    onPlace: undefined as ((at: LonLat) => void) | undefined,
    onLieu: undefined as ((lieu: LieuFeature) => void) | undefined,
  };
  const choose = (chosen: LieuFeature) => {
    if (chosen.properties.kind === 'arret') return bench.say(terms.pick.notThis);
    lieu = chosen;
    tool.onPlace = place;
    tool.onLieu = undefined;
    body.replaceChildren(
      chosenLine(chosen, () => start()),
      hintLine(terms.place.hintMove),
      placingHelp(bench, terms.place.atCenter, place),
    );
    // A mark to drag: where it is, until it is moved.
    const known = bench.scenario().actions.some((action) => action.do === 'move_lieu' && action.id === chosen.properties.id);
    if (!known) place(chosen.geometry.coordinates);
    bench.retarget();
  };
  const start = () => {
    lieu = undefined;
    tool.onPlace = undefined;
    tool.onLieu = choose;
    body.replaceChildren(lieuField(bench, 'deplacer', isFixed, choose));
    bench.retarget();
  };
  const edited = actionLieu(bench, index);
  if (edited) choose(edited);
  else start();
  return tool as Tool;
}

function hoursTool(bench: Bench, index: number | undefined): Tool {
  const body = element('div', { class: 'tool' });
  const fault = faultLine();
  const choose = (chosen: LieuFeature) => {
    const { id, kind, horaires } = chosen.properties;
    if (kind === 'arret') return bench.say(terms.pick.notThis);
    const old = bench.scenario().actions.find((action) => action.do === 'set_hours' && action.id === id);
    const current = old?.do === 'set_hours' ? old.horaires : horaires;
    body.replaceChildren(
      chosenLine(chosen, start),
      element('p', { class: 'tool__now' }, terms.hours.now(horaires || terms.hours.unknown)),
      hoursField('heures-lieu', current, (next) => bench.change(settledOn(bench.scenario(), { do: 'set_hours', id, horaires: next })), fault),
    );
  };
  const start = () => body.replaceChildren(lieuField(bench, 'horaires', isFixed, choose));
  const edited = actionLieu(bench, index);
  if (edited) choose(edited);
  else start();
  return { key: 'horaires', head: body, body: element('div'), fault, onLieu: choose };
}

function tourTool(bench: Bench, index: number | undefined): Tool {
  let at = index;
  const fresh: AddTournee = { do: 'add_tournee', nom: terms.tour.defaultName, services: ['tous'], stops: [] };
  const tour = () => (at === undefined ? fresh : (bench.scenario().actions[at] as AddTournee | undefined)) ?? fresh;
  const list = element('ol', { class: 'stops' });

  const change = (patch: Partial<AddTournee>) => {
    const next = { ...tour(), ...patch };
    if (at === undefined) {
      at = bench.scenario().actions.length;
      bench.change(appended(bench.scenario(), next));
    } else bench.change(replaced(bench.scenario(), at, next));
    render();
  };
  /** Names that only tell a rank tell the new one. */
  const stops = (next: readonly Stop[]) =>
    change({ stops: next.map((stop, rank) => (/^Arrêt \d+$/.test(stop.nom) ? { ...stop, nom: terms.tour.stop(rank + 1) } : stop)) });
  const patchStop = (rank: number, patch: Partial<Stop>) =>
    stops(tour().stops.map((stop, other) => (other === rank ? { ...stop, ...patch } : stop)));
  const place = (to: LonLat) => {
    const { stops: old } = tour();
    const when = old.at(-1)?.when ?? whenOf({ day: 'Tu', moment: 'matin', rhythm: 'impaires' });
    stops([...old, { nom: terms.tour.stop(old.length + 1), ...rounded(to), when }]);
    bench.say(terms.place.stopPlaced(old.length + 1));
  };

  const stopItem = (stop: Stop, rank: number, all: readonly Stop[]): HTMLLIElement => {
    const visit = visitOf(stop.when);
    const choose = <K extends keyof Visit>(key: K, label: string, labels: Readonly<Record<Visit[K], string>>, values: readonly Visit[K][]) => {
      const select = element(
        'select',
        { 'aria-label': label, 'data-field': `${rank}-${key}` },
        ...values.map((value) => element('option', { value, selected: visit?.[key] === value }, labels[value])),
      );
      select.addEventListener('change', () => {
        if (visit) patchStop(rank, { when: whenOf({ ...visit, [key]: select.value }) });
      });
      return select;
    };
    const name = element('input', { type: 'text', maxlength: 80, 'aria-label': terms.tour.stopName(rank + 1), 'data-field': `${rank}-nom` });
    name.value = stop.nom;
    name.addEventListener('change', () => patchStop(rank, { nom: name.value.trim() || terms.tour.stop(rank + 1) }));
    const small = (label: string, field: string, text: string, disabled: boolean, action: () => void) =>
      button({ class: 'icon', 'aria-label': label, title: label, disabled, 'data-field': `${rank}-${field}` }, action, text);
    return element(
      'li',
      { class: 'stop' },
      element('span', { class: 'stop__rank', 'aria-hidden': 'true' }, String(rank + 1)),
      name,
      element(
        'span',
        { class: 'stop__buttons' },
        small(terms.tour.up(rank + 1), 'up', '↑', rank === 0, () => stops(reordered(all, rank, rank - 1))),
        small(terms.tour.down(rank + 1), 'down', '↓', rank === all.length - 1, () => stops(reordered(all, rank, rank + 1))),
        small(terms.tour.remove(rank + 1), 'remove', '×', false, () => stops(all.filter((_, other) => other !== rank))),
      ),
      visit
        ? element(
            'span',
            { class: 'stop__when' },
            choose('day', terms.tour.day(rank + 1), terms.tour.days, DAYS),
            choose('moment', terms.tour.moment(rank + 1), terms.tour.moments, keys(MOMENTS)),
            choose('rhythm', terms.tour.rhythm(rank + 1), terms.tour.rhythms, keys(RHYTHMS)),
          )
        : element('span', { class: 'stop__when' }, terms.tour.ownHours(stop.when)),
    );
  };
  const render = () => {
    const { stops: all } = tour();
    const field = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['field'] : undefined;
    const inside = list.contains(document.activeElement);
    list.replaceChildren(...all.map(stopItem));
    if (all.length === 0) list.append(element('li', { class: 'stop__none' }, terms.tour.empty));
    // The list was made anew under the hand that changed it.
    if (inside && field) list.querySelector<HTMLElement>(`[data-field="${field}"]:not(:disabled)`)?.focus();
  };
  render();
  return {
    key: 'tournee',
    head: element('div', { class: 'tool' }, hintLine(terms.place.hintStop), placingHelp(bench, terms.place.addAtCenter, place)),
    body: element(
      'div',
      { class: 'tool' },
      list,
      element('p', { class: 'card__note' }, terms.tour.hours),
      textField('nom-tournee', terms.tour.name, tour().nom ?? '', (nom) => change({ nom: nom || terms.tour.defaultName })),
      servicesField('services-tournee', tour().services, (services) => change({ services })),
    ),
    onPlace: place,
    refresh: render,
  };
}

function suggestTool(bench: Bench): Tool {
  const list = element('div', { class: 'places', 'aria-live': 'polite' });
  const fault = faultLine();
  let asking: AbortController | undefined;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    list.replaceChildren(element('p', { class: 'tool__hint' }, terms.suggest.loading));
    fault.textContent = '';
    try {
      const places = await bench.places(bench.supply, signal);
      if (signal.aborted) return;
      list.replaceChildren(
        places.length > 0 ? element('ol', {}, ...places.map(item)) : element('p', { class: 'tool__hint' }, terms.suggest.none),
      );
      bench.showGains(bench.supply);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      const text = bench.sentence(error);
      if (fault.closest('[hidden]')) list.replaceChildren(element('p', { class: 'tool__fault' }, text));
      else {
        list.replaceChildren();
        fault.textContent = text;
      }
    }
  };
  const item = (place: Place) =>
    element(
      'li',
      {},
      button(
        { class: 'place' },
        () => {
          const { services, horaires } = bench.supply;
          const nom = place.nom ?? terms.newLieu(bench.scenario().actions.length + 1);
          const index = bench.scenario().actions.length;
          bench.change(appended(bench.scenario(), { do: 'add_lieu', nom, ...rounded(placeOf(place)), services, horaires }));
          bench.map.flyToPoint(placeOf(place), true, 11);
          bench.use('ouvrir', index);
        },
        element('span', { class: 'place__rank', 'aria-hidden': 'true' }, String(place.rank)),
        element('span', { class: 'place__name' }, place.nom ?? terms.suggest.somewhere),
        element('b', {}, terms.suggest.gain(place.covered)),
        element('small', {}, terms.suggest.from(place.from_blanche)),
      ),
    );
  void ask();
  const update = (patch: Partial<Supply>) => {
    bench.supply = { ...bench.supply, ...patch };
    void ask();
  };
  return {
    key: 'suggerer',
    fault,
    body: element(
      'div',
      { class: 'tool' },
      element('p', { class: 'tool__hint' }, terms.suggest.hint),
      hoursField('heures-lieu', bench.supply.horaires, (horaires) => update({ horaires }), fault),
      servicesField('services-lieu', bench.supply.services, (services) => update({ services })),
      list,
    ),
    refresh: () => void ask(),
    end: () => asking?.abort(),
  };
}

/** Lieux to choose from: those around the centre of the map, or those whose name or commune holds what is typed. */
function lieuField(
  bench: Bench,
  key: 'fermer' | 'deplacer' | 'horaires',
  wanted: (lieu: LieuFeature) => boolean,
  choose: (lieu: LieuFeature) => void,
): HTMLElement {
  const SHOWN = 6;
  const input = element('input', { type: 'search', id: 'chercher-lieu', autocomplete: 'off' });
  const list = element('ul', { class: 'lieux', 'aria-live': 'polite' });
  const candidates = bench.lieux.filter((lieu) => isOpen(lieu) && wanted(lieu));
  const render = () => {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    const center = bench.map.center();
    const found = candidates
      .filter(({ properties }) => words.every((word) => folded(`${properties.nom} ${properties.commune ?? ''}`).includes(word)))
      .sort((a, b) => distance(a.geometry.coordinates, center) - distance(b.geometry.coordinates, center));
    list.replaceChildren(
      ...found.slice(0, SHOWN).map((lieu) =>
        element(
          'li',
          {},
          button(
            { class: 'lieu-choice' },
            () => choose(lieu),
            element('span', {}, lieu.properties.nom),
            element('small', {}, lieu.properties.kind === 'arret' ? terms.pick.tour(lieu.properties.tournee ?? '') : (lieu.properties.commune ?? '')),
          ),
        ),
      ),
    );
    const left = found.length - SHOWN;
    if (found.length === 0) list.append(element('li', { class: 'tool__hint' }, terms.pick.none));
    else if (left > 0) list.append(element('li', { class: 'tool__hint' }, terms.pick.more(left)));
  };
  input.addEventListener('input', render);
  render();
  return element(
    'div',
    { class: 'tool' },
    element('p', { class: 'tool__question' }, terms.pick.question[key]),
    element('p', { class: 'tool__hint' }, terms.pick.hint),
    element('div', { class: 'field' }, element('label', { for: 'chercher-lieu' }, terms.pick.search), input),
    list,
  );
}

/** The id of the tournée that this stop belongs to: a stop's own adds its rank. */
export function tourOf({ properties }: LieuFeature): string {
  return properties.id.replace(/#\d+$/, '');
}

function isOpen({ properties }: LieuFeature): boolean {
  return (properties.services?.length ?? 0) > 0 && (properties.kind === 'arret' || !properties.itinerant);
}

function isFixed({ properties }: LieuFeature): boolean {
  return properties.kind !== 'arret' && !properties.itinerant;
}

function actionLieu(bench: Bench, index: number | undefined): LieuFeature | undefined {
  const action = index === undefined ? undefined : bench.scenario().actions[index];
  return bench.lieux.find(({ properties }) => properties.id === action?.id);
}

function chosenLine({ properties }: LieuFeature, other: () => void): HTMLElement {
  return element(
    'p',
    { class: 'chosen' },
    element('b', {}, properties.nom),
    properties.commune ? ` (${properties.commune}) ` : ' ',
    button({ class: 'link' }, other, terms.pick.other),
  );
}

function placingHelp(bench: Bench, label: string, place: (at: LonLat) => void): HTMLElement {
  return element(
    'div',
    { class: 'tool__place' },
    button({ class: 'button button--quiet' }, () => place(bench.map.center()), label),
    button({ class: 'link', title: terms.place.keyboard }, () => bench.map.focus(), terms.place.toMap),
  );
}

function hintLine(...text: Child[]): HTMLElement {
  return element('p', { class: 'tool__hint', role: 'status' }, ...text);
}

function faultLine(): HTMLElement {
  return element('p', { class: 'tool__fault', role: 'alert' });
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase('fr-FR');
}

/** Squared, in degrees of latitude: good enough to order what lies around. */
function distance([lon, lat]: LonLat, [toLon, toLat]: LonLat): number {
  const east = (lon - toLon) * Math.cos((toLat * Math.PI) / 180);
  return east * east + (lat - toLat) ** 2;
}

function keys<T extends string>(record: Readonly<Record<T, unknown>>): T[] {
  return Object.keys(record) as T[];
}
