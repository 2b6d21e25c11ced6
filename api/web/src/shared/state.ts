/**
 * State is everything a person can choose, and nothing else: it fits in the
 * address, so that any view can be sent to a colleague or kept as a bookmark.
 *
 * The address carries it after the `#`, as a query:
 *
 *     #service=aide-demarches&mode=bike&t=20&h=10&vue=temps&territoire=epci:200072031&pos=9.20/49.5600/3.5100
 *     #scenario=ID or #essai=… what is tried, saved or in the address itself
 *
 * Values equal to the default are left out; anything unreadable is ignored
 * rather than refused, because links get cut and retyped.
 */

import { BY_TIMETABLE, MEASURES, MODES, SERVICES, THRESHOLDS } from './legend.gen.ts';
import { type Need, NEED_DEFAULTS, needPairs, parseNeed } from './need_state.ts';

export { MODES, SERVICES };
export type Service = (typeof SERVICES)[number] | 'tous';
export type Mode = (typeof MODES)[number];

/** Whether journeys of a mode are those of timetables. */
export function byTimetable(mode: Mode): boolean {
  return (BY_TIMETABLE as readonly Mode[]).includes(mode);
}

/** What the colours of the map mean. */
export const VIEWS = MEASURES;
export type View = (typeof VIEWS)[number];

/** A type of territoires that has a table; those of an edition are said by it (see levels.ts). */
export type Level = string;

/** What the details card shows. `id` is `type:code` for a territoire, a cell's row for a maille; `verifier` is a zone à vérifier. */
export const SELECTION_KINDS = ['territoire', 'zone', 'verifier', 'lieu', 'maille'] as const;
export type SelectionKind = (typeof SELECTION_KINDS)[number];
export interface Selection {
  readonly kind: SelectionKind;
  readonly id: string;
}

/** What lieux may be told apart by, in the words of their sources; null: by none. */
export const FILTER_KEYS = ['public', 'accessibilite', 'label'] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];
export type Filters = Readonly<Record<FilterKey, string | null>>;
export const NO_FILTER: Filters = { public: null, accessibilite: null, label: null };

/** Degrees WGS 84 and a MapLibre zoom level. */
export interface Position {
  readonly zoom: number;
  readonly lat: number;
  readonly lon: number;
}

export interface State {
  readonly service: Service;
  readonly mode: Mode;
  /** Cut-off T, minutes; a multiple of {@link MINUTES}.step. */
  readonly minutes: number;
  /** Threshold H, hours a week; a multiple of {@link HOURS}.step. */
  readonly hours: number;
  /** Whether hours by appointment only count as those when one walks in. */
  readonly rendezVous: boolean;
  readonly vue: View;
  /** The moment of the week of the view `moment`, as {@link formatMoment} writes it. */
  readonly quand: string;
  /** What the view `ifn` shows. */
  readonly besoin: Need;
  readonly niveau: Level;
  readonly tableau: boolean;
  /** The EPCI (`epci:code`) whose communes alone the table shows. */
  readonly dans: string | null;
  /** Which lieux stand out; the figures count them all. */
  readonly filtres: Filters;
  readonly selection: Selection | null;
  readonly position: Position | null;
  /** The scenario being tried, encoded (see scenario.ts); empty: none yet, or only the saved one; null: nothing is tried. */
  readonly essai: string | null;
  /** The id of the saved scenario that is open. */
  readonly scenario: string | null;
}

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export const MINUTES: Range = { min: 5, max: 60, step: 5 };
export const HOURS: Range = { min: 0, max: 40, step: 0.5 };

export const DEFAULTS: State = {
  service: 'tous',
  mode: 'car',
  minutes: 15,
  hours: 17.5,
  rendezVous: false,
  vue: 'classes',
  quand: '3T17:30',
  besoin: NEED_DEFAULTS,
  niveau: 'epci',
  tableau: false,
  dans: null,
  filtres: NO_FILTER,
  selection: null,
  position: null,
  essai: null,
  scenario: null,
};

/** The thresholds that a question of a mode has when nobody chose others: timetables have theirs. */
export function thresholds(mode: Mode, defaults: State = DEFAULTS): Pick<State, 'minutes' | 'hours'> {
  return byTimetable(mode) === byTimetable(defaults.mode) ? { minutes: defaults.minutes, hours: defaults.hours } : THRESHOLDS[mode];
}

/** The question by another mode: its thresholds stay, but between streets and timetables. */
export function withMode(state: State, mode: Mode, defaults: State = DEFAULTS): Partial<State> {
  return byTimetable(mode) === byTimetable(state.mode) ? { mode } : { mode, ...thresholds(mode, defaults) };
}

/** A moment of the week: the day from 1, Monday, and minutes of the day. */
export interface WeekMoment {
  readonly day: number;
  readonly minutes: number;
}

/** Reads `3T17:30`; the usual moment when it cannot be read. */
export function parseMoment(text: string): WeekMoment {
  const [, day = '3', hours = '17', minutes = '30'] = /^([1-7])T([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return { day: Number(day), minutes: Number(hours) * 60 + Number(minutes) };
}

export function formatMoment({ day, minutes }: WeekMoment): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The nearest value that the slider of `range` can show. */
export function snap(value: number, range: Range): number {
  const stepped = Math.round((value - range.min) / range.step) * range.step + range.min;
  return Math.min(range.max, Math.max(range.min, stepped));
}

/**
 * Reads a fragment, with or without its `#`. Whatever is missing or wrong keeps its value in
 * `defaults`; so does a level that is none of `levels`, once they are known.
 */
export function parseFragment(fragment: string, defaults: State = DEFAULTS, levels?: readonly Level[]): State {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const mode = oneOf(query.get('mode'), MODES) ?? defaults.mode;
  const usual = thresholds(mode, defaults);
  return {
    service: oneOf<Service>(query.get('service'), ['tous', ...SERVICES]) ?? defaults.service,
    mode,
    minutes: numberIn(query.get('t'), MINUTES) ?? usual.minutes,
    hours: numberIn(query.get('h'), HOURS) ?? usual.hours,
    rendezVous: query.has('rendez_vous') ? query.get('rendez_vous') === 'oui' : defaults.rendezVous,
    vue: oneOf(query.get('vue'), VIEWS) ?? defaults.vue,
    quand: query.has('quand') ? formatMoment(parseMoment(query.get('quand') ?? '')) : defaults.quand,
    besoin: parseNeed(query, defaults.besoin),
    niveau: parseLevel(query.get('niveau'), levels) ?? defaults.niveau,
    tableau: query.has('tableau') ? query.get('tableau') === '1' : defaults.tableau,
    dans: /^epci:\d+$/.exec(query.get('dans') ?? '')?.[0] ?? defaults.dans,
    filtres: parseFilters(query, defaults.filtres),
    selection: parseSelection(query) ?? defaults.selection,
    position: parsePosition(query.get('pos')) ?? defaults.position,
    essai: /^[\w-]*$/.exec(query.get('essai') ?? '?')?.[0] ?? defaults.essai,
    scenario: /^[\w.:-]+$/.exec(query.get('scenario') ?? '')?.[0] ?? defaults.scenario,
  };
}

/** The fragment of `state`, without `#`; empty for the defaults. */
export function formatFragment(state: State, defaults: State = DEFAULTS): string {
  const parts: string[] = [];
  const add = (key: string, value: string, unless: string) => {
    if (value !== unless) parts.push(`${key}=${value}`);
  };
  add('service', state.service, defaults.service);
  const usual = thresholds(state.mode, defaults);
  add('mode', state.mode, defaults.mode);
  add('t', String(state.minutes), String(usual.minutes));
  add('h', String(state.hours), String(usual.hours));
  add('rendez_vous', state.rendezVous ? 'oui' : 'non', defaults.rendezVous ? 'oui' : 'non');
  add('vue', state.vue, defaults.vue);
  if (state.vue === 'moment') add('quand', state.quand, defaults.quand);
  if (state.vue === 'ifn') parts.push(...needPairs(state.besoin, defaults.besoin).map(([key, value]) => `${key}=${value}`));
  add('niveau', state.niveau, defaults.niveau);
  add('tableau', state.tableau ? '1' : '0', defaults.tableau ? '1' : '0');
  add('dans', state.dans ?? '', defaults.dans ?? '');
  for (const key of FILTER_KEYS) add(key, encodeURIComponent(state.filtres[key] ?? ''), encodeURIComponent(defaults.filtres[key] ?? ''));
  if (state.selection) {
    // A colon is legal in a fragment and reads better than %3A.
    parts.push(`${state.selection.kind}=${encodeURIComponent(state.selection.id).replaceAll('%3A', ':')}`);
  }
  if (state.position) {
    const { zoom, lat, lon } = state.position;
    parts.push(`pos=${zoom.toFixed(2)}/${lat.toFixed(4)}/${lon.toFixed(4)}`);
  }
  if (state.scenario !== null) parts.push(`scenario=${state.scenario}`);
  // The saved scenario alone says as much as an empty trial on it.
  if (state.essai !== null && (state.essai !== '' || state.scenario === null)) parts.push(`essai=${state.essai}`);
  return parts.join('&');
}

/** Whether the two states ask the server for the same figures. */
export function sameQuestion(a: State, b: State): boolean {
  return a.service === b.service && a.mode === b.mode && a.minutes === b.minutes && a.hours === b.hours && a.rendezVous === b.rendezVous;
}

/** Whether no source of an edition says who offers a service: then it is unknown, not offered by nobody. */
export function isUnnamed(
  edition: { readonly params: { readonly services: readonly { readonly code: string; readonly lieux: number }[] } } | undefined,
  service: Service,
): boolean {
  return edition?.params.services.find(({ code }) => code === service)?.lieux === 0;
}

/** Whether changes are being tried. */
export function isTrying({ essai, scenario }: State): boolean {
  return essai !== null || scenario !== null;
}

export function sameFilters(a: Filters, b: Filters): boolean {
  return FILTER_KEYS.every((key) => a[key] === b[key]);
}

export function sameSelection(a: Selection | null, b: Selection | null): boolean {
  return a === b || (a !== null && b !== null && a.kind === b.kind && a.id === b.id);
}

function oneOf<T extends string>(value: string | null, allowed: readonly T[]): T | undefined {
  return allowed.find((candidate) => candidate === value);
}

function parseLevel(text: string | null, levels?: readonly Level[]): Level | undefined {
  return levels ? oneOf(text, levels) : /^[a-z][a-z0-9-]*$/.exec(text ?? '')?.[0];
}

function numberIn(text: string | null, range: Range): number | undefined {
  if (text === null || text.trim() === '') return undefined;
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) ? snap(value, range) : undefined;
}

/** Longest value of a filter that an address may carry. */
const LONGEST = 120;

function parseFilters(query: URLSearchParams, defaults: Filters): Filters {
  const value = (key: FilterKey) => (query.has(key) ? query.get(key)?.trim().slice(0, LONGEST) || null : defaults[key]);
  return { public: value('public'), accessibilite: value('accessibilite'), label: value('label') };
}

function parseSelection(query: URLSearchParams): Selection | null {
  for (const kind of SELECTION_KINDS) {
    const id = query.get(kind);
    if (id) return { kind, id };
  }
  return null;
}

function parsePosition(text: string | null): Position | null {
  const parts = text?.split('/').map(Number) ?? [];
  const [zoom, lat, lon] = parts;
  if (parts.length !== 3 || zoom === undefined || lat === undefined || lon === undefined) return null;
  if (!parts.every(Number.isFinite)) return null;
  if (zoom < 0 || zoom > 20 || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  return { zoom, lat, lon };
}

type Listener = (state: State, previous: State) => void;

/** Holds the one current state and tells who listens, in the order they subscribed. */
export class Store {
  private readonly listeners: Listener[] = [];

  constructor(private current: State) {}

  get state(): State {
    return this.current;
  }

  update(patch: Partial<State>): void {
    const previous = this.current;
    this.current = { ...previous, ...patch };
    for (const listener of this.listeners) listener(this.current, previous);
  }

  subscribe(listener: Listener): void {
    this.listeners.push(listener);
  }
}
