/** The maps of the index: asks for the points of a level once, then computes, paints and tells what a person chose. */
import type { Api } from '../shared/api.ts';
import { byId } from '../shared/element.ts';
import type { AreaLevel, Need } from '../shared/need_state.ts';
import type { Store } from '../shared/state.ts';
import type { MapView } from '../map/view.ts';
import { symbols } from '../panel/legend.ts';
import { showNeedLegend } from './legend.ts';
import { formatWeights, type Weights } from './model.ts';
import { NeedPanel } from './panel.ts';
import { Level, type View } from './view.ts';

/** How long a slider may rest before the address and the long tables follow, ms. */
const REST = 250;

export class NeedMode {
  private readonly levels = new Map<AreaLevel, Promise<Level>>();
  private readonly panel: NeedPanel;
  /** Kept from one legend to the next, since it opens. */
  private readonly keys = symbols(true);
  private level: Level | undefined;
  private rest: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Api,
    private readonly store: Store,
    private readonly map: () => MapView | undefined,
  ) {
    const change = (patch: Partial<Need>) => store.update({ besoin: { ...store.state.besoin, ...patch } });
    this.panel = new NeedPanel(byId('besoin'), {
      change,
      weigh: (chosen) => this.weigh(chosen),
      lacks: (par, weights, signal) => this.api.getCompleteness(par, weights, signal),
      select: (id) => store.update({ selection: { kind: 'territoire', id } }),
    });
  }

  /** Shows what the state says, unless another was asked for meanwhile. */
  async show(need: Need, signal: AbortSignal): Promise<void> {
    const level = await this.load(need.par);
    if (signal.aborted) return;
    clearTimeout(this.rest);
    this.level = level;
    await this.draw(level.view(need), true);
  }

  private load(par: AreaLevel): Promise<Level> {
    let level = this.levels.get(par);
    if (!level) {
      level = this.api.getPoints(par).then((points) => new Level(points));
      level.catch(() => this.levels.delete(par));
      this.levels.set(par, level);
    }
    return level;
  }

  /** Recolours at once; the address follows when the hand rests. */
  private weigh(chosen: Weights): void {
    const { level } = this;
    if (!level) return;
    const { besoin } = this.store.state;
    void this.draw(level.view(besoin, chosen), false).then(() => {
      if (performance.getEntriesByName('poids').length > 0) performance.measure('recoloration', 'poids');
    });
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.store.update({ besoin: { ...this.store.state.besoin, poids: formatWeights(chosen) } }), REST);
  }

  private async draw(view: View, resting: boolean): Promise<void> {
    if (!this.level) return;
    const { points, codes, need } = view;
    this.panel.show(view, resting);
    showNeedLegend(byId('legende'), view, this.keys);
    await this.map()?.paintAreas(need.par, new Map(points.territoires.map(({ code }, i) => [code, codes[i] ?? 0])));
    await this.map()?.nextFrame();
  }
}
