/**
 * The map inside a frame of another site. Figures and table are in the page before this
 * runs, and stay when it fails. It says its height to the page around it and listens to
 * none.
 */
import { Api, type Bounds, type Edition } from '../shared/api.ts';
import type { Height } from './component.ts';
import { decodeColumn, paintCodes, rowCount, VIEW_COLUMN } from '../shared/columns.ts';
import { byId, element } from '../shared/element.ts';
import * as format from '../shared/format.ts';
import { words } from '../shared/words.ts';
import type { Pick } from '../map/pick.ts';
import { byTimetable, DEFAULTS, parseFragment, type State } from '../shared/state.ts';

const api = new Api(document.baseURI);
const place = byId('carte');
const choice = byId('carte-choix');

/** A height is no secret, and who shows the frame is not known to it: it is told to anybody. */
function tellHeight(): void {
  const message: Height = { maillage: 'hauteur', pixels: document.body.getBoundingClientRect().height };
  window.parent.postMessage(message, '*');
}

function asked(): State {
  const { service, mode, minutes, hours, vue, territoire } = place.dataset;
  const text = Object.entries({ service, mode, t: minutes, h: hours, vue }).map(([key, value]) => `${key}=${value ?? ''}`);
  // Addresses may ask for what no slider shows: 12 minutes, 3.75 hours.
  return {
    ...parseFragment(text.join('&'), DEFAULTS),
    minutes: Number(minutes),
    hours: Number(hours),
    selection: territoire ? { kind: 'territoire', id: territoire } : null,
  };
}

async function draw(): Promise<void> {
  const code = import('../map/view.ts');
  const state = asked();
  const [edition, config, classe, values] = await Promise.all([
    api.getEdition(),
    api.getConfig(),
    api.getColumn('classe', state),
    state.vue === 'classes' ? undefined : api.getColumn(VIEW_COLUMN[state.vue], state),
  ]);
  const { MapView } = await code;
  const ground = byId('carte-fond');
  const container = element('div', { class: 'map' });
  ground.append(container);
  const map = new MapView({
    container,
    edition,
    api,
    basemap: config.basemap?.includes('{z}') ? config.basemap : undefined,
    state,
    frame: { nom: place.dataset['nom'] ?? '', bounds: bounds(place.dataset['bounds']) },
    onPick: (pick) => void tell(pick, state),
    onMove: () => undefined,
  });
  await map.paint(codes(edition, state, classe, values));
  await map.select(state.selection);
  await map.whenDrawn();
  for (const child of [...ground.children]) if (child !== container) child.remove();
  place.dataset['dessinee'] = '';
}

function codes(edition: Edition, { vue }: State, classe: ArrayBuffer, values: ArrayBuffer | undefined): Uint8Array {
  const rows = rowCount(edition.cells);
  return paintCodes({
    vue,
    ifnBounds: edition.ifn_bounds,
    classe: decodeColumn('classe', classe, rows),
    ...(values ? { values: decodeColumn(VIEW_COLUMN[vue], values, rows) } : {}),
  });
}

function bounds(text = ''): Bounds {
  const [west = 0, south = 0, east = 0, north = 0] = text.split(',').map(Number);
  return [west, south, east, north];
}

/** Says under the map what lies under a click, or under its centre when Enter is pressed. */
async function tell(pick: Pick, state: State): Promise<void> {
  if (pick.kind === 'lieu-at') choice.textContent = pick.nom;
  if (pick.kind !== 'maille') return;
  const { communes, access_min: minutes, hours_week: hours } = await api.getMaille(pick.id, state);
  const nom = format.list(communes.map((commune) => commune.nom));
  const told = byTimetable(state.mode) ? words.timetable.frame : words.frame;
  choice.textContent =
    minutes === undefined
      ? words.frame.unreached(nom)
      : `${told.reached(nom, format.minutes(minutes))} ; ${hours === undefined ? words.frame.hoursUnknown : told.hours(format.hours(hours))}.`;
}

if (window.parent !== window) new ResizeObserver(tellHeight).observe(document.body);
draw().catch((error: unknown) => {
  console.error(error);
  choice.textContent = words.frame.failed;
});
