/**
 * The mode that tries changes: a panel over the map where a planner opens,
 * closes and moves lieux, changes hours and draws tours, and reads at once what
 * that would change. A chunk of its own, loaded when it is first opened.
 */
import '../css/simulate.css';
import type { MapView } from '../map/view.ts';
import type { LieuFeature } from '../shared/api.ts';
import type { Column } from '../shared/columns.ts';
import { button, element } from '../shared/element.ts';
import { isTrying, type State } from '../shared/state.ts';
import { actionList } from './actions.ts';
import type { Around } from './around.ts';
import type { Bench, Tool, ToolKey } from './bench.ts';
import { Draft } from './draft.ts';
import { keepSection } from './keep.ts';
import { Marks } from './marks.ts';
import { toolMenu } from './menu.ts';
import { Outcome, sentence } from './outcome.ts';
import { Painting } from './painting.ts';
import { encode, replaced, type Scenario, WEEKS, without } from './scenario.ts';
import { Simulations, type Supply } from './simulation.ts';
import { makeTool, toolOf } from './tools.ts';
import { terms } from './words.ts';

/** The mode is on: the page hides what belongs to the plain map. */
const ON = 'is-simulating';

export class SimulationMode implements Bench {
  readonly map: MapView;
  readonly lieux: readonly LieuFeature[];
  supply: Supply = { services: ['tous'], horaires: WEEKS.complet };

  private readonly simulations: Simulations;
  private readonly draft: Draft;
  private readonly outcome: Outcome;
  private readonly painting: Painting;
  private readonly marks: Marks;
  private tool: Tool | undefined;
  private open = false;

  private readonly title = element('h2', { class: 'card__title', id: 'simuler-titre', tabindex: '-1' });
  private readonly kind = element('p', { class: 'card__kind' });
  private readonly place = element('div', { class: 'simuler__tool' });
  private readonly form = element('div', { class: 'simuler__form' });
  private readonly list = element('section', { class: 'simuler__actions' });
  private readonly keep = element('section', { class: 'simuler__keep' });

  constructor(private readonly around: Around) {
    this.map = around.map;
    this.lieux = around.lieux;
    this.simulations = new Simulations(around.api);
    const fault = (error: unknown) => this.outcome.fault(error);
    this.draft = new Draft(this.simulations, around.store, () => this.started(), fault);
    this.outcome = new Outcome(around, this.simulations, {
      scenario: () => this.draft.current,
      tool: () => this.tool,
      paint: () => this.painting.paint(),
      say: (text) => this.say(text),
      openLieu: (id) => this.openLieu(id),
    });
    this.marks = new Marks(around.map, new Map(around.lieux.map((lieu) => [lieu.properties.id, lieu])), {
      start: () => this.draft.remember(),
      move: (index, action, still) => this.apply(replaced(this.draft.current, index, action), !still),
      open: (index) => this.edit(index),
    });
    around.panel.replaceChildren(
      element(
        'div',
        { class: 'card__head' },
        element('div', {}, this.kind, this.title),
        button({ class: 'card__close', 'aria-label': terms.close, title: terms.close }, () => this.quit(), '×'),
      ),
      this.place,
      this.outcome.section,
      this.form,
      this.list,
      this.keep,
    );
    this.painting = new Painting(around, this.simulations, { result: () => this.outcome.result, supply: () => this.supply, fault });
    addEventListener('keydown', (event) => this.onKey(event));
  }

  /** Follows the page's state: the mode is in the address, and the question is the page's. */
  follow(state: State): void {
    if (!isTrying(state)) {
      if (this.open) this.hide();
      return;
    }
    const fresh = !this.open;
    if (fresh) this.show();
    if (!this.draft.isIn(state)) {
      this.outcome.clearAlert();
      void this.draft.load(state, fresh);
    } else if (this.outcome.isOutdated(state)) {
      this.outcome.forget();
      this.painting.forgetGains();
      this.outcome.simulate(true);
      this.tool?.refresh?.();
      if (this.painting.overlay === 'gains') this.showGains(this.supply);
      this.showKeep();
    }
  }

  /** The paint codes over the classes of the current question. */
  codes(classe: Column): Uint8Array {
    return this.painting.codes(classe);
  }

  /** Takes what was clicked on the map, a lieu or anything else; false when it is for the page to show. */
  takes(lieu: LieuFeature | undefined): boolean {
    if (!this.open || !this.tool?.onLieu) return false;
    if (lieu) this.tool.onLieu(lieu);
    else {
      void this.map.select(null);
      this.say(terms.pick.hint);
    }
    return true;
  }

  // Bench

  scenario(): Scenario {
    return this.draft.current;
  }

  change(next: Scenario): void {
    this.draft.remember();
    this.apply(next, false);
  }

  say(text: string): void {
    this.around.voice.textContent = text;
  }

  use(key: ToolKey, index?: number): void {
    this.endTool();
    this.tool = makeTool(key, this, index);
    this.title.textContent = terms.tools[key];
    this.kind.replaceChildren(button({ class: 'link' }, () => this.leaveTool(), terms.back));
    this.place.replaceChildren(...(this.tool.head ? [this.tool.head] : []));
    this.form.replaceChildren(this.tool.body);
    this.around.panel.classList.add('has-tool');
    this.outcome.show(false);
    this.around.panel.scrollTop = 0;
    this.title.focus({ preventScroll: true });
    this.retarget();
  }

  retarget(): void {
    this.map.setPlacing(this.tool?.onPlace ?? null);
  }

  places(supply: Supply, signal: AbortSignal): ReturnType<Bench['places']> {
    return this.simulations.places(this.around.store.state, supply, signal);
  }

  openLieu(id: string): void {
    // A tour is told by its first stop.
    const known = this.lieux.some(({ properties }) => properties.id === id);
    this.around.store.update({ selection: { kind: 'lieu', id: known ? id : `${id}#1` } });
  }

  showGains(supply: Supply): void {
    this.painting.showGains(supply);
  }

  sentence(error: unknown): string {
    return sentence(error);
  }

  // The panel

  private show(): void {
    this.open = true;
    document.body.classList.add(ON);
    this.around.panel.hidden = false;
    this.around.panel.setAttribute('aria-labelledby', 'simuler-titre');
    this.around.opener.hidden = true;
    this.painting.show();
    void this.map.showChanges(true);
    this.map.setPanel(true, this.around.store.state.position === null);
    this.menu(false);
    this.showActions();
    this.showKeep();
    this.title.focus({ preventScroll: true });
    if (window.innerWidth < 960) this.around.bar.scrollIntoView();
  }

  private hide(): void {
    this.open = false;
    this.endTool();
    this.outcome.stop();
    this.painting.stop();
    this.marks.show({ name: '', actions: [] });
    this.draft.leave();
    document.body.classList.remove(ON);
    this.around.panel.hidden = true;
    this.painting.hide();
    this.around.opener.hidden = false;
    void this.map.showChanges(false);
    this.map.setPanel(false, this.around.store.state.position === null);
    this.around.repaint();
  }

  private quit(): void {
    this.around.store.update({ essai: null, scenario: null });
    this.around.opener.focus();
  }

  /** The question, and a button for each answer. */
  private menu(takeFocus = true): void {
    this.endTool();
    this.title.textContent = terms.question;
    this.around.panel.classList.remove('has-tool');
    this.kind.textContent = terms.kind;
    this.form.replaceChildren();
    this.outcome.show(true);
    this.place.replaceChildren(toolMenu((key) => this.use(key)));
    if (takeFocus) this.title.focus({ preventScroll: true });
  }

  private leaveTool(): void {
    const key = this.tool?.key;
    this.menu(false);
    this.place.querySelector<HTMLElement>(`[data-tool="${key}"]`)?.focus();
  }

  private endTool(): void {
    this.tool?.end?.();
    if (this.tool?.key === 'suggerer') {
      this.painting.stop();
      this.painting.choose('apres');
    }
    this.tool = undefined;
    this.retarget();
  }

  private edit(index: number): void {
    const action = this.draft.current.actions[index];
    const key = action && toolOf(action);
    if (key) this.use(key, index);
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.open) return;
    const typing = event.target instanceof HTMLInputElement && /text|search|password/.test(event.target.type);
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z' && !typing) {
      event.preventDefault();
      this.undo();
    } else if (event.key === 'Escape' && this.tool && !event.defaultPrevented) {
      this.leaveTool();
    }
  }

  // The scenario

  /** Another scenario was read. */
  private started(): void {
    if (this.tool && this.tool.key !== 'suggerer') this.menu(false);
    this.showAll();
    this.outcome.simulate(true);
  }

  /** The scenario is another; `live` while a hand is still moving it. */
  private apply(next: Scenario, live: boolean): void {
    this.draft.become(next);
    this.painting.reveal(live);
    if (live) this.marks.show(next);
    else {
      this.showAll();
      this.draft.write();
    }
    this.outcome.simulate(!live);
  }

  private undo(): void {
    const before = this.draft.before();
    if (!before) return;
    if (this.tool && this.tool.key !== 'suggerer') this.menu(false);
    this.apply(before, false);
    this.say(terms.actions.undone);
    const again = this.list.querySelector<HTMLElement>('.actions__undo');
    if (!document.activeElement || document.activeElement === document.body) (again ?? this.title).focus({ preventScroll: true });
  }

  private remove(index: number): void {
    if (this.tool && this.tool.key !== 'suggerer') this.menu(false);
    this.change(without(this.draft.current, index));
    (this.list.querySelector<HTMLElement>('.actions__undo') ?? this.title).focus({ preventScroll: true });
  }

  private showAll(): void {
    this.marks.show(this.draft.current);
    this.showActions();
    this.showKeep();
  }

  private showActions(): void {
    this.list.hidden = this.draft.current.actions.length === 0 && !this.draft.hasPast;
    if (this.list.hidden) {
      this.list.replaceChildren();
      return;
    }
    const focused = this.list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['key'] : undefined;
    this.list.replaceChildren(
      ...actionList(this.draft.current, this.lieux, {
        edit: (index) => this.edit(index),
        remove: (index) => this.remove(index),
        rename: (name) => this.change({ ...this.draft.current, name }),
        undo: this.draft.hasPast ? () => this.undo() : undefined,
      }),
    );
    // The list was made anew under the hand that changed it.
    if (focused) (this.list.querySelector<HTMLElement>(`[data-key="${focused}"]`) ?? this.title).focus({ preventScroll: true });
  }

  private showKeep(): void {
    const { current, saved } = this.draft;
    this.keep.hidden = current.actions.length === 0;
    if (this.keep.hidden) return;
    const opened = this.keep.querySelector('details')?.open ?? false;
    this.keep.replaceChildren(
      keepSection({
        opened,
        scenario: current,
        saved,
        fits: encode(current) !== undefined,
        files: saved && {
          csv: this.simulations.differenceFile(saved.id, this.around.store.state, 'csv'),
          geojson: this.simulations.differenceFile(saved.id, this.around.store.state, 'geojson'),
        },
        say: (text) => this.say(text),
        sentence,
        save: async (token) => {
          const scenario = await this.draft.save(token);
          this.showKeep();
          this.say(terms.keep.saved(scenario.name));
        },
        duplicate: () => {
          this.draft.detach();
          this.change({ ...this.draft.current, name: terms.keep.copyName(this.draft.current.name) });
          this.say(terms.keep.duplicated(this.draft.current.name));
        },
      }),
    );
  }
}
