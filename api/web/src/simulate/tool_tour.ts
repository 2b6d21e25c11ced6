/** The tool that draws the tour of a bus, stop by stop. */
import type { LonLat } from '../shared/api.ts';
import { button, element } from '../shared/element.ts';
import type { Bench, Tool } from './bench.ts';
import { servicesField, textField } from './fields.ts';
import { type AddTournee, appended, DAYS, MOMENTS, reordered, replaced, RHYTHMS, type Stop, type Visit, visitOf, whenOf, rounded } from './scenario.ts';
import { hintLine, placingHelp } from './tool_parts.ts';
import { terms } from './words.ts';

export function tourTool(bench: Bench, index: number | undefined): Tool {
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


function keys<T extends string>(record: Readonly<Record<T, unknown>>): T[] {
  return Object.keys(record) as T[];
}
