/** The mode that tries changes, as the page sees it: its code is asked for when it is first opened. */
import type { MapView } from './map/view.ts';
import type { Api, Edition } from './shared/api.ts';
import { byId } from './shared/element.ts';
import { isTrying, type State, type Store } from './shared/state.ts';
import type { SimulationMode } from './simulate/mode.ts';

/** What the mode works on, as far as it has arrived. */
export interface Ground {
  readonly api: Api;
  readonly store: Store;
  readonly edition: () => Edition | undefined;
  readonly map: () => MapView | undefined;
  /** Paints the map again from the start. */
  readonly repaint: () => void;
  readonly fault: (error: unknown) => void;
}

export class Simulator {
  private opened: Promise<SimulationMode> | undefined;

  constructor(private readonly ground: Ground) {}

  /** The mode, once it was opened. */
  get mode(): Promise<SimulationMode> | undefined {
    return this.opened;
  }

  /** Lets the mode be opened: the map is there. */
  bind(): void {
    const { store } = this.ground;
    const opener = byId('simuler-bouton') as HTMLButtonElement;
    opener.disabled = false;
    opener.addEventListener('click', () => {
      store.update({ selection: null, essai: '' });
    });
    if (isTrying(store.state)) void this.hand();
  }

  follow(state: State): void {
    if (this.opened || isTrying(state)) void this.hand();
  }

  /** Hands the current state to the mode. */
  private async hand(): Promise<void> {
    const { api, store, repaint, fault } = this.ground;
    const [edition, map] = [this.ground.edition(), this.ground.map()];
    if (!edition || !map) return;
    this.opened ??= Promise.all([import('./simulate/mode.ts'), api.getLieux()]).then(
      ([{ SimulationMode }, lieux]) =>
        new SimulationMode({
          api,
          edition,
          map,
          store,
          lieux,
          panel: byId('simuler'),
          stage: byId('map').parentElement as HTMLElement,
          bar: byId('vues').parentElement as HTMLElement,
          voice: byId('annonce'),
          opener: byId('simuler-bouton'),
          repaint,
        }),
    );
    try {
      (await this.opened).follow(store.state);
    } catch (error) {
      this.opened = undefined;
      fault(error);
    }
  }
}
