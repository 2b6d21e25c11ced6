/** The marks that a scenario puts on the map: one for each lieu or stop that it touches. */
import type { LieuFeature, LonLat } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import type { Mark } from '../map/mark.ts';
import type { MapView } from '../map/view.ts';
import { type Action, moved, type Scenario, type Stop } from './scenario.ts';
import { terms } from './words.ts';
import { placeOf } from './simulation.ts';
import { tourOf } from './tool_parts.ts';

interface Wanted {
  readonly at: LonLat;
  readonly look: 'new' | 'closed' | 'hours' | 'stop';
  readonly text: string;
  readonly label: string;
  /** The action, and its stop, that dragging changes. */
  readonly index?: number;
  readonly stop?: number;
}

export interface Hand {
  /** A drag begins. */
  readonly start: () => void;
  /** The action is somewhere else; `still` when the hand has let go. */
  readonly move: (index: number, action: Action, still: boolean) => void;
  readonly open: (index: number) => void;
}

export class Marks {
  private readonly shown = new Map<string, Mark>();
  private scenario: Scenario = { name: '', actions: [] };
  private dragged: string | undefined;

  constructor(
    private readonly map: MapView,
    private readonly lieux: ReadonlyMap<string, LieuFeature>,
    private readonly hand: Hand,
  ) {}

  show(scenario: Scenario): void {
    this.scenario = scenario;
    const wanted = new Map(scenario.actions.flatMap((action, index) => this.wantedBy(action, index)));
    for (const [key, mark] of this.shown) {
      if (wanted.has(key)) continue;
      mark.remove();
      this.shown.delete(key);
    }
    for (const [key, one] of wanted) {
      const mark = this.shown.get(key) ?? this.make(key, one);
      mark.element.setAttribute('aria-label', one.label);
      mark.element.title = one.label;
      // A mark under the hand is where the hand is.
      if (key !== this.dragged) mark.moveTo(one.at);
    }
    void this.map.drawTours(
      scenario.actions.flatMap((action) => (action.do === 'add_tournee' && action.stops.length > 1 ? [action.stops.map(placeOf)] : [])),
    );
  }

  private make(key: string, { at, look, text, label, index, stop }: Wanted): Mark {
    const draggable = index !== undefined;
    const node = element(
      'div',
      { class: `mark mark--${look}`, role: draggable ? 'button' : 'img', 'aria-label': label, ...(draggable ? { tabindex: 0 } : {}) },
      element('span', { class: 'mark__face', 'aria-hidden': 'true' }, text),
    );
    const mark = this.map.addMark({
      element: node,
      at,
      draggable,
      onStart: () => {
        this.dragged = key;
        this.hand.start();
      },
      onMove: (to) => this.move(index, to, stop, false),
      onEnd: (to) => {
        this.dragged = undefined;
        this.move(index, to, stop, true);
      },
    });
    if (index !== undefined) {
      node.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        this.hand.open(index);
      });
    }
    this.shown.set(key, mark);
    return mark;
  }

  private move(index: number | undefined, to: LonLat, stop: number | undefined, still: boolean): void {
    const action = index === undefined ? undefined : this.scenario.actions[index];
    if (index !== undefined && action) this.hand.move(index, moved(action, to, stop), still);
  }

  private wantedBy(action: Action, index: number): [string, Wanted][] {
    const lieu = 'id' in action && action.id !== undefined ? this.lieux.get(action.id) : undefined;
    const nom = lieu?.properties.nom ?? '';
    const at = lieu?.geometry.coordinates;
    switch (action.do) {
      case 'add_lieu': {
        const label = terms.markNew(action.nom ?? terms.newLieu(index + 1));
        return [[`new ${index}`, { at: placeOf(action), look: 'new', text: '+', label, index }]];
      }
      case 'move_lieu': {
        const to = placeOf(action);
        const there = at && (at[0] !== action.lon || at[1] !== action.lat);
        return [
          ...(there ? [[`left ${index}`, { at, look: 'closed', text: '×', label: terms.markLeft(nom) }] as [string, Wanted]] : []),
          [`move ${index}`, { at: to, look: 'new', text: '↔', label: terms.markNew(nom), index }],
        ];
      }
      case 'close_lieu':
        return at ? [[`closed ${action.id}`, { at, look: 'closed', text: '×', label: terms.markClosed(nom) }]] : [];
      case 'set_hours':
        return at ? [[`hours ${action.id}`, { at, look: 'hours', text: 'h', label: terms.markHours(nom) }]] : [];
      case 'remove_tournee':
        return [...this.lieux.values()]
          .filter((stop) => stop.properties.kind === 'arret' && tourOf(stop) === action.id)
          .map((stop): [string, Wanted] => [
            `closed ${stop.properties.id}`,
            { at: stop.geometry.coordinates, look: 'closed', text: '×', label: terms.markClosed(stop.properties.nom) },
          ]);
      case 'add_tournee':
        return action.stops.map((stop: Stop, rank): [string, Wanted] => [
          `stop ${index} ${rank}`,
          { at: placeOf(stop), look: 'stop', text: String(rank + 1), label: terms.markNew(stop.nom), index, stop: rank },
        ]);
      default:
        return [];
    }
  }
}
