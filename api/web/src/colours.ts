/** The colours of the map: the cells painted for the current question and view, and people counted by colour. */
import { Values } from './map/values.ts';
import type { Edition } from './shared/api.ts';
import { paintCodes, peopleByCode, peopleOfCells, VIEW_COLUMN } from './shared/columns.ts';
import { byId } from './shared/element.ts';
import type { NeedMode } from './need/mode.ts';
import { isTrying, type State } from './shared/state.ts';
import type { Ground, Simulator } from './simulator.ts';

/** What is painted on, and where its colours are explained. */
export interface Canvas extends Omit<Ground, 'repaint'> {
  readonly simulator: Simulator;
  /** Shows the legend; with the people of each paint code, when they are counted. */
  readonly legend: (peopleByCode?: ReadonlyMap<number, number>) => void;
}

export class Colours {
  private readonly values: Values;
  private painting: AbortController | undefined;
  private need: Promise<NeedMode> | undefined;

  constructor(private readonly canvas: Canvas) {
    this.values = new Values(canvas.api);
  }

  /** Paints the cells for the current question and view, and counts people by colour. */
  async paint(): Promise<void> {
    const [edition, map] = [this.canvas.edition(), this.canvas.map()];
    if (!edition || !map) return;
    this.painting?.abort();
    const painting = new AbortController();
    this.painting = painting;
    const place = byId('map');
    place.setAttribute('aria-busy', 'true');
    try {
      const { state } = this.canvas.store;
      byId('besoin').hidden = state.vue !== 'ifn' || isTrying(state);
      if (state.vue === 'ifn' && !isTrying(state)) {
        await (await this.needMode()).show(state.besoin, painting.signal);
        if (!painting.signal.aborted) await map.whenDrawn();
        return;
      }
      const codes = await this.codes(state, edition, painting.signal);
      if (!codes) return;
      await map.paint(codes);
      await map.whenDrawn();
    } catch (error) {
      if (!painting.signal.aborted) this.canvas.fault(error);
    } finally {
      if (this.painting === painting) place.removeAttribute('aria-busy');
    }
  }

  /** The maps of the index, a chunk of their own, painted by territoire rather than by cell. */
  private needMode(): Promise<NeedMode> {
    const { api, store, map } = this.canvas;
    this.need ??= import('./need/mode.ts').then(({ NeedMode }) => new NeedMode(api, store, map));
    this.need.catch(() => (this.need = undefined));
    return this.need;
  }

  /** The paint codes of a view, its legend shown on the way; nothing when another was asked for meanwhile. */
  private async codes(state: State, edition: Edition, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { mode } = this.canvas.simulator;
    if (isTrying(state) && mode) {
      const [simuler, classe] = await Promise.all([mode, this.values.column('classe', state, edition)]);
      return signal.aborted ? undefined : simuler.codes(classe);
    }
    const { vue } = state;
    if (vue === 'moment') {
      const [classe, values, moment, { momentPeople, showMoment }] = await Promise.all([
        this.values.column('classe', state, edition),
        this.values.column('ouvert', state, edition),
        this.canvas.api.getMoment(state, signal),
        import('./panel/moment.ts'),
      ]);
      if (signal.aborted) return undefined;
      showMoment(byId('quand'), state, moment, (quand) => this.canvas.store.update({ quand }));
      this.canvas.legend(momentPeople(moment));
      return paintCodes({ vue, classe, values });
    }
    if (vue === 'classes') {
      const classe = await this.values.column('classe', state, edition);
      if (signal.aborted) return undefined;
      this.canvas.legend();
      return paintCodes({ vue: 'classes', classe });
    }
    if (vue === 'agir') {
      const [classe, values, people] = await Promise.all([
        this.values.column('classe', state, edition),
        this.values.column('agir', state, edition),
        this.values.column('personnes', state, edition),
      ]);
      if (signal.aborted) return undefined;
      const codes = paintCodes({ vue, classe, values });
      this.canvas.legend(peopleOfCells(codes, people, edition.cells));
      return codes;
    }
    const [classe, values, bands] = await Promise.all([
      this.values.column('classe', state, edition),
      this.values.column(VIEW_COLUMN[vue], state, edition),
      this.canvas.api.getBands(state, signal),
    ]);
    if (signal.aborted) return undefined;
    const codes = paintCodes({ vue, classe, values, ifnBounds: edition.ifn_bounds });
    this.canvas.legend(peopleByCode(vue, bands));
    return codes;
  }
}
