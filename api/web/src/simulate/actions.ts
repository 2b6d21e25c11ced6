/** The list of what a scenario changes, in words. */
import type { LieuFeature } from '../shared/api.ts';
import { button, element } from '../shared/element.ts';
import type { Action, Scenario } from './scenario.ts';
import { tourOf } from './tool_parts.ts';
import { toolOf } from './tools.ts';
import { terms } from './words.ts';

export interface Revision {
  readonly edit: (index: number) => void;
  readonly remove: (index: number) => void;
  readonly rename: (name: string) => void;
  /** Absent when there is nothing to undo. */
  readonly undo: (() => void) | undefined;
}

/** What a scenario changes, one action a line, with its name and the way back. */
export function actionList({ name, actions }: Scenario, lieux: readonly LieuFeature[], { edit, remove, rename, undo }: Revision): HTMLElement[] {
  const field = element('input', { type: 'text', id: 'simuler-nom', maxlength: 120, autocomplete: 'off', 'data-key': 'nom' });
  field.value = name;
  field.addEventListener('change', () => rename(field.value.trim() || terms.defaultName));
  return [
    ...(actions.length > 0 ? [element('h3', {}, terms.actions.title(actions.length))] : []),
    element('ol', { class: 'actions' }, ...actions.map((action, index) => actionItem(action, lieux, () => edit(index), () => remove(index)))),
    ...(undo ? [button({ class: 'button button--quiet actions__undo', title: 'Ctrl+Z', 'data-key': 'undo' }, undo, terms.actions.undo)] : []),
    element('div', { class: 'field' }, element('label', { for: field.id }, terms.actions.rename), field),
  ];
}

/** What is changed, as an item of a list: its words open the tool that changes it again, when there is one. */
function actionItem(action: Action, lieux: readonly LieuFeature[], edit: () => void, remove: () => void): HTMLLIElement {
  const words = sentence(action, lieux);
  return element(
    'li',
    {},
    toolOf(action)
      ? button({ class: 'link', 'aria-label': terms.actions.edit(words) }, edit, words)
      : element('span', {}, words),
    button({ class: 'icon', 'aria-label': terms.actions.remove(words), title: terms.actions.remove(words) }, remove, '×'),
  );
}

function sentence(action: Action, lieux: readonly LieuFeature[]): string {
  const { actions } = terms;
  const nom = (id: string) => lieux.find(({ properties }) => properties.id === id)?.properties.nom ?? id;
  const tour = (id: string) => lieux.find((lieu) => lieu.properties.kind === 'arret' && tourOf(lieu) === id)?.properties.tournee ?? id;
  switch (action.do) {
    case 'add_lieu':
      return actions.add(action.nom ?? terms.newLieu(1));
    case 'close_lieu':
      return actions.close(nom(action.id));
    case 'move_lieu':
      return actions.move(nom(action.id));
    case 'set_hours':
      return actions.hours(nom(action.id));
    case 'set_services':
      return actions.services(nom(action.id));
    case 'add_tournee':
      return actions.tour(action.nom ?? terms.tour.defaultName, action.stops.length);
    case 'set_tournee':
      return actions.setTour(tour(action.id));
    case 'remove_tournee':
      return actions.removeTour(tour(action.id));
    case 'add_line':
      return actions.line(action.nom ?? '', action.stops.length, action.departures.length);
    case 'shift_trip':
      return actions.shift(action.trip, action.minutes);
  }
}
