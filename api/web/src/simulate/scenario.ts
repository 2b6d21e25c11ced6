/**
 * A scenario: what a planner tries, as the list of actions that the server
 * simulates. Pure: nothing here touches the page or the network.
 *
 * The same file is sent, saved, downloaded and, while it is short, carried by
 * the address as base64url of its JSON.
 */
import type { LonLat } from '../shared/api.ts';
import { SERVICES, type Service } from '../shared/state.ts';

export interface Stop {
  readonly nom: string;
  readonly lon: number;
  readonly lat: number;
  /** opening_hours. */
  readonly when: string;
}

export interface AddLieu {
  readonly do: 'add_lieu';
  readonly id?: string;
  readonly nom?: string;
  readonly lon: number;
  readonly lat: number;
  readonly services: readonly Service[];
  readonly horaires: string;
}

export interface AddTournee {
  readonly do: 'add_tournee';
  readonly id?: string;
  readonly nom?: string;
  readonly services: readonly Service[];
  readonly depot?: { readonly lon: number; readonly lat: number };
  readonly stops: readonly Stop[];
}

export type Action =
  | AddLieu
  | AddTournee
  | { readonly do: 'close_lieu' | 'remove_tournee'; readonly id: string }
  | { readonly do: 'move_lieu'; readonly id: string; readonly lon: number; readonly lat: number }
  | { readonly do: 'set_hours'; readonly id: string; readonly horaires: string }
  | { readonly do: 'set_services'; readonly id: string; readonly services: readonly Service[] }
  // Written by hand or by the command line; kept and sent as it is.
  | { readonly do: 'set_tournee'; readonly id: string }
  | { readonly do: 'add_line'; readonly nom?: string; readonly stops: readonly Stop[]; readonly days: string; readonly departures: readonly string[]; readonly return?: boolean }
  | { readonly do: 'shift_trip'; readonly trip: string; readonly minutes: number };

export interface Scenario {
  readonly name: string;
  readonly actions: readonly Action[];
}

export type Verb = Action['do'];
const VERBS: readonly Verb[] = [
  'add_lieu', 'close_lieu', 'move_lieu', 'set_hours', 'set_services', 'add_tournee', 'set_tournee', 'remove_tournee', 'add_line', 'shift_trip',
];

/** Longest scenario that an address carries, characters: links stay whole in mail. */
export const MOST_CHARACTERS = 2048;

/** Decimals of a degree that a position keeps: about a metre. */
const DECIMALS = 5;

export function rounded([lon, lat]: LonLat): { lon: number; lat: number } {
  return { lon: Number(lon.toFixed(DECIMALS)), lat: Number(lat.toFixed(DECIMALS)) };
}

/** The scenario as an address carries it; undefined when it is too long for one. */
export function encode(scenario: Scenario): string | undefined {
  const bytes = new TextEncoder().encode(JSON.stringify(scenario));
  const text = btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return text.length <= MOST_CHARACTERS ? text : undefined;
}

/** Undefined when the text is not a scenario: links get cut. */
export function decode(text: string): Scenario | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return readScenario(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

/** A scenario that came from elsewhere; the server checks what is beyond its shape. */
export function readScenario(value: unknown): Scenario | undefined {
  const { name, actions } = (value ?? {}) as { name?: unknown; actions?: unknown };
  if (!Array.isArray(actions) || !actions.every(isAction)) return undefined;
  return { name: typeof name === 'string' ? name : '', actions };
}

function isAction(value: unknown): value is Action {
  const action = (value ?? {}) as Record<string, unknown>;
  const place = (at: unknown) => Number.isFinite((at as { lon?: unknown })?.lon) && Number.isFinite((at as { lat?: unknown })?.lat);
  const named = typeof action['id'] === 'string' && action['id'] !== '';
  switch (VERBS.find((verb) => verb === action['do'])) {
    case undefined:
      return false;
    case 'add_lieu':
      return place(action) && Array.isArray(action['services']);
    case 'move_lieu':
      return place(action) && named;
    case 'add_tournee':
      return Array.isArray(action['services']) && Array.isArray(action['stops']) && action['stops'].every(place);
    case 'add_line':
      return Array.isArray(action['departures']) && Array.isArray(action['stops']) && action['stops'].every(place);
    case 'shift_trip':
      return typeof action['trip'] === 'string' && Number.isInteger(action['minutes']);
    default:
      return named;
  }
}

/** A tournée without a stop, as one being drawn, changes nothing and is refused: it is not sent. */
export function sendable({ name, actions }: Scenario): Scenario {
  return { name, actions: actions.filter((action) => action.do !== 'add_tournee' || action.stops.length > 0) };
}

export function appended({ name, actions }: Scenario, action: Action): Scenario {
  return { name, actions: [...actions, action] };
}

export function replaced({ name, actions }: Scenario, index: number, action: Action): Scenario {
  return { name, actions: actions.map((old, at) => (at === index ? action : old)) };
}

export function without({ name, actions }: Scenario, index: number): Scenario {
  return { name, actions: actions.filter((_, at) => at !== index) };
}

/** Puts the action in place of the one that does the same to the same lieu, if any: the last word counts. */
export function settledOn(scenario: Scenario, action: Action): Scenario {
  const same = scenario.actions.findIndex((old) => old.do === action.do && 'id' in old && old.id !== undefined && 'id' in action && old.id === action.id);
  return same < 0 ? appended(scenario, action) : replaced(scenario, same, action);
}

/** The action, or its stop `stop`, moved to `at`. */
export function moved(action: Action, at: LonLat, stop?: number): Action {
  const place = rounded(at);
  if (action.do === 'add_lieu' || action.do === 'move_lieu') return { ...action, ...place };
  if (action.do === 'add_tournee') {
    return { ...action, stops: action.stops.map((old, index) => (index === stop ? { ...old, ...place } : old)) };
  }
  return action;
}

/** The list with the element at `from` put at `to`. */
export function reordered<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from);
  const one = list[from];
  if (one !== undefined) rest.splice(to, 0, one);
  return rest;
}

/** Ready-made weeks; each opens the hours its name says. */
export const WEEKS = {
  complet: 'Mo-Fr 09:00-12:00,13:00-17:00',
  matins: 'Mo-Fr 09:00-12:30',
  demi: 'Tu 09:00-12:00',
} as const;
export type Week = keyof typeof WEEKS;

export function weekOf(horaires: string): Week | undefined {
  return (Object.keys(WEEKS) as Week[]).find((week) => WEEKS[week] === horaires);
}

export const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'] as const;
export type Day = (typeof DAYS)[number];
/** Parts of a day that a bus stops for. */
export const MOMENTS = { matin: '09:00-12:00', 'apres-midi': '14:00-17:00', journee: '09:00-12:00,14:00-17:00' } as const;
export type Moment = keyof typeof MOMENTS;
/** How often it comes. */
export const RHYTHMS = { semaine: '', impaires: 'week 1-53/2 ', paires: 'week 2-53/2 ', mois: 'week 1-53/4 ' } as const;
export type Rhythm = keyof typeof RHYTHMS;

export interface Visit {
  readonly day: Day;
  readonly moment: Moment;
  readonly rhythm: Rhythm;
}

export function whenOf({ day, moment, rhythm }: Visit): string {
  return `${RHYTHMS[rhythm]}${day} ${MOMENTS[moment]}`;
}

/** The visit that a stop's hours say; undefined when they say something that {@link whenOf} does not write. */
export function visitOf(when: string): Visit | undefined {
  for (const rhythm of Object.keys(RHYTHMS) as Rhythm[]) {
    for (const moment of Object.keys(MOMENTS) as Moment[]) {
      const day = DAYS.find((one) => whenOf({ day: one, moment, rhythm }) === when);
      if (day) return { day, moment, rhythm };
    }
  }
  return undefined;
}

/** The services ticked, shortest form first: all nine are `tous`. */
export function servicesOf(ticked: readonly Service[]): Service[] {
  return ticked.includes('tous') || SERVICES.every((service) => ticked.includes(service)) ? ['tous'] : [...ticked];
}
