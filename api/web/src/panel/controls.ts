/** The questions of the page: each control asks one, and shows the answer it stands for. */
import type { Edition } from '../shared/api.ts';
import { byId } from '../shared/element.ts';
import { words } from '../shared/words.ts';
import { said } from '../shared/said.ts';
import { byTimetable, HOURS, MINUTES, type Mode, type Range, type Service, type State, type Store, type View, withMode } from '../shared/state.ts';

/** How long a slider may rest before the figures are asked for, ms. */
const SLIDER_REST = 150;

interface Slider {
  readonly key: 'minutes' | 'hours';
  readonly range: Range;
  readonly shown: (value: number) => string;
  readonly spoken: (value: number) => string;
}

const SLIDERS: readonly Slider[] = [
  { key: 'minutes', range: MINUTES, shown: words.controls.minutes, spoken: words.controls.minutes },
  { key: 'hours', range: HOURS, shown: words.controls.hours, spoken: words.controls.hoursSpoken },
];

/** Ties the controls of the page to the store, both ways. */
/** `defaults` are what the edition was computed with, once it is known. */
export function bindControls(store: Store, defaults: () => State): void {
  const service = byId('service') as HTMLSelectElement;
  service.addEventListener('change', () => store.update({ service: service.value as Service }));
  bindRadios('mode', (value) => store.update(withMode(store.state, value as Mode, defaults())));
  bindRadios('vue', (value) => store.update({ vue: value as View }));
  for (const slider of SLIDERS) bindSlider(slider, store);
  const appointments = byId('rendez-vous') as HTMLInputElement;
  appointments.addEventListener('change', () => store.update({ rendezVous: appointments.checked }));
  show(store.state);
  store.subscribe(show);
}

/** Adds to each service the number of lieux that offer it, and closes the modes that were not computed. */
export function fitControls(edition: Edition): void {
  const { modes } = edition.params;
  for (const radio of radios('mode')) {
    radio.disabled = !modes.some(({ code }) => code === radio.value);
    if (radio.disabled && byTimetable(radio.value as Mode)) byId('mode-absent').textContent = words.timetable.none(words.modes[radio.value as Mode]);
  }
  const select = byId('service') as HTMLSelectElement;
  for (const { code, lieux } of edition.params.services) {
    const option = [...select.options].find(({ value }) => value === code);
    if (option) option.textContent = words.controls.serviceOption(words.services[code as Service], lieux);
  }
}

/** Leaves these modes alone to be chosen, of those that were computed; one is no choice. */
export function offerModes(offered: readonly Mode[]): void {
  for (const radio of radios('mode')) radio.disabled ||= !offered.includes(radio.value as Mode);
  const place = byId('mode-absent').closest<HTMLElement>('.control');
  if (place) place.hidden = [...radios('mode')].filter(({ disabled }) => !disabled).length < 2;
}

function bindRadios(name: string, choose: (value: string) => void): void {
  for (const radio of radios(name)) radio.addEventListener('change', () => choose(radio.value));
}

function bindSlider({ key, range, shown, spoken }: Slider, store: Store): void {
  const input = byId(key) as HTMLInputElement;
  input.min = String(range.min);
  input.max = String(range.max);
  input.step = String(range.step);
  let timer: ReturnType<typeof setTimeout> | undefined;
  input.addEventListener('input', () => {
    const value = Number(input.value);
    showValue(input, shown(value), spoken(value));
    clearTimeout(timer);
    timer = setTimeout(() => store.update({ [key]: value }), SLIDER_REST);
  });
}

function show(state: State): void {
  (byId('service') as HTMLSelectElement).value = state.service;
  (byId('rendez-vous') as HTMLInputElement).checked = state.rendezVous;
  for (const radio of radios('mode')) radio.checked = radio.value === state.mode;
  for (const { key } of SLIDERS) byId(`${key}-question`).textContent = said(state.mode)[key];
  for (const radio of radios('vue')) radio.checked = radio.value === state.vue;
  for (const { key, shown, spoken } of SLIDERS) {
    const input = byId(key) as HTMLInputElement;
    // A slider under the hand keeps its place: the state follows it, not the reverse.
    if (Number(input.value) !== state[key]) input.value = String(state[key]);
    showValue(input, shown(state[key]), spoken(state[key]));
  }
}

function showValue(input: HTMLInputElement, shown: string, spoken: string): void {
  byId(`${input.id}-valeur`).textContent = shown;
  input.setAttribute('aria-valuetext', spoken);
  const filled = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min));
  input.style.setProperty('--filled', String(filled));
}

function radios(name: string): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`input[type="radio"][name="${name}"]`)];
}
