/** What the mode that tries changes needs from the page around it. */
import type { MapView } from '../map/view.ts';
import type { Api, Edition, LieuFeature } from '../shared/api.ts';
import type { Store } from '../shared/state.ts';

export interface Around {
  readonly api: Api;
  readonly edition: Edition;
  readonly map: MapView;
  readonly store: Store;
  readonly lieux: readonly LieuFeature[];
  /** The panel, the map it lies over, the bar above it, and what is said aloud. */
  readonly panel: HTMLElement;
  readonly stage: HTMLElement;
  readonly bar: HTMLElement;
  readonly voice: HTMLElement;
  /** The button that opens the mode. */
  readonly opener: HTMLElement;
  /** Paints the map again from the start. */
  readonly repaint: () => void;
}
