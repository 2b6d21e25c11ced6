/** What the tools of a simulation work on, and what each of them is. */
import type { MapView } from '../map/view.ts';
import type { LieuFeature, LonLat } from '../shared/api.ts';
import type { Scenario } from './scenario.ts';
import type { Places, Supply } from './simulation.ts';

export const TOOLS = ['ouvrir', 'fermer', 'deplacer', 'horaires', 'tournee', 'suggerer'] as const;
export type ToolKey = (typeof TOOLS)[number];

export interface Tool {
  readonly key: ToolKey;
  /** What comes before the figures: where to click. */
  readonly head?: HTMLElement;
  readonly body: HTMLElement;
  /** Where the server's remark on what was typed is shown. */
  readonly fault?: HTMLElement;
  /** Takes clicks on the map, and Enter at its centre. */
  readonly onPlace?: (at: LonLat) => void;
  /** Takes the lieu that was clicked. */
  readonly onLieu?: (lieu: LieuFeature) => void;
  /** The scenario changed by other hands, as when a mark was dragged. */
  readonly refresh?: () => void;
  readonly end?: () => void;
}

export interface Bench {
  readonly map: MapView;
  readonly lieux: readonly LieuFeature[];
  /** What the next lieu would offer: the last that was chosen. */
  supply: Supply;
  scenario(): Scenario;
  change(next: Scenario): void;
  say(text: string): void;
  /** Opens a tool; `index` is the action it changes. */
  use(key: ToolKey, index?: number): void;
  /** The tool takes clicks on the map from now on, or no more. */
  retarget(): void;
  places(supply: Supply, signal: AbortSignal): Promise<Places>;
  showGains(supply: Supply): void;
  /** Shows the card of a lieu. */
  openLieu(id: string): void;
  sentence(error: unknown): string;
}
