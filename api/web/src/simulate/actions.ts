/** The list of what a scenario changes, in words. */
import type { LieuFeature } from '../shared/api.ts';
import { button, element } from '../shared/element.ts';
import type { Action } from './scenario.ts';
import { tourOf } from './tool_parts.ts';
import { toolOf } from './tools.ts';
import { terms } from './words.ts';

/** What is changed, as an item of a list: its words open the tool that changes it again, when there is one. */
export function actionItem(action: Action, lieux: readonly LieuFeature[], edit: () => void, remove: () => void): HTMLLIElement {
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
  }
}
