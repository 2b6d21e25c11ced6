/**
 * The mode that tries changes: a panel over the map where a planner opens,
 * closes and moves lieux, changes hours and draws tours, and reads at once what
 * that would change. A chunk of its own, loaded when it is first opened.
 *
 * The scenario is an immutable value; its past is a list of such values, which
 * is all that undoing needs.
 */
import '../css/simulate.css';
import { type Api, type Edition, isAbort, type LieuFeature, OtherEdition, Problem, Unreachable } from '../shared/api.ts';
import { summaryBody, spokenSummary } from './summary.ts';
import type { Column } from '../shared/columns.ts';
import { button, element } from '../shared/element.ts';
import { words } from '../shared/words.ts';
import { keepSection } from './keep.ts';
import type { MapView } from '../map/view.ts';
import { overlayLegend } from './overlay_legend.ts';
import { Marks } from './marks.ts';
import { gainCodes, type Overlay, overlay } from './overlay.ts';
import { OverlayControl } from './overlay_control.ts';
import {
  decode,
  encode,
  readScenario,
  replaced,
  type Scenario,
  sendable,
  without,
  WEEKS,
} from './scenario.ts';
import { Latest, type Simulation, Simulations, type Supply } from './simulation.ts';
import { terms } from './words.ts';
import { isTrying, sameQuestion, type State, type Store } from '../shared/state.ts';
import { type Bench, type Tool, type ToolKey, TOOLS } from './bench.ts';
import { actionItem } from './actions.ts';
import { makeTool, toolOf } from './tools.ts';

/** What the mode needs from the page around it. */
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

/** The mode is on: the page hides what belongs to the plain map. */
const ON = 'is-simulating';

export class SimulationMode implements Bench {
  readonly map: MapView;
  readonly lieux: readonly LieuFeature[];
  supply: Supply = { services: ['tous'], horaires: WEEKS.complet };

  private readonly simulations: Simulations;
  private readonly latest = new Latest();
  private readonly byId: ReadonlyMap<string, LieuFeature>;
  private readonly marks: Marks;
  private current: Scenario = { name: terms.defaultName, actions: [] };
  private past: Scenario[] = [];
  /** The scenario as the server has it. */
  private saved: { readonly id: string; readonly scenario: Scenario } | undefined;
  private result: Simulation | undefined;
  private asked: State | undefined;
  private classe: Column | undefined;
  private gains: Uint32Array | undefined;
  private gaining: AbortController | undefined;
  private tool: Tool | undefined;
  private open = false;
  /** Drops answers to a link that another has overtaken. */
  private loading = 0;
  /** What this mode itself wrote in the address. */
  private written: Pick<State, 'essai' | 'scenario'> = { essai: null, scenario: null };

  private readonly title = element('h2', { class: 'card__title', id: 'simuler-titre', tabindex: '-1' });
  private readonly kind = element('p', { class: 'card__kind' });
  private readonly place = element('div', { class: 'simuler__tool' });
  private readonly form = element('div', { class: 'simuler__form' });
  /** Whether the territoires that change are unfolded; a tool needs the room. */
  private unfolded = true;
  private readonly summary = element('section', { class: 'simuler__bilan', 'aria-labelledby': 'simuler-bilan' });
  private readonly summaryBody = element('div', { class: 'simuler__bilan-body' });
  private readonly alert = element('p', { class: 'tool__fault', role: 'alert' });
  private readonly list = element('section', { class: 'simuler__actions' });
  private readonly keep = element('section', { class: 'simuler__keep' });
  private readonly overlays = new OverlayControl(
    (overlay) => {
      this.gaining?.abort();
      if (overlay === 'gains' && !this.gains) this.showGains(this.supply);
      else this.choose(overlay);
    },
    () => this.drawCurtain(),
  );

  constructor(private readonly around: Around) {
    this.map = around.map;
    this.lieux = around.lieux;
    this.byId = new Map(around.lieux.map((lieu) => [lieu.properties.id, lieu]));
    this.simulations = new Simulations(around.api);
    this.marks = new Marks(around.map, this.byId, {
      start: () => this.remember(),
      move: (index, action, still) => this.apply(replaced(this.current, index, action), !still),
      open: (index) => this.edit(index),
    });
    this.summary.append(element('h3', { id: 'simuler-bilan' }, terms.summary.title), this.summaryBody, this.alert);
    around.panel.replaceChildren(
      element(
        'div',
        { class: 'card__head' },
        element('div', {}, this.kind, this.title),
        button({ class: 'card__close', 'aria-label': terms.close, title: terms.close }, () => this.quit(), '×'),
      ),
      this.place,
      this.summary,
      this.form,
      this.list,
      this.keep,
    );
    around.bar.insertBefore(this.overlays.choice, around.opener);
    around.stage.append(this.overlays.legend, this.overlays.curtain);
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
    if (state.essai !== this.written.essai || state.scenario !== this.written.scenario) {
      void this.load(state, fresh);
    } else if (this.asked && !sameQuestion(this.asked, state)) {
      this.result = undefined;
      this.gains = undefined;
      this.simulate(true);
      this.tool?.refresh?.();
      if (this.overlays.current === 'gains') this.showGains(this.supply);
      this.showKeep();
    }
  }

  /** The paint codes over the classes of the current question. */
  codes(classe: Column): Uint8Array {
    this.classe = classe;
    if (this.overlays.current === 'gains' && this.gains) return gainCodes(this.gains);
    return overlay(classe, this.result?.map, this.overlays.current === 'gains' || this.overlays.current === 'rideau' ? 'apres' : this.overlays.current);
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
    return this.current;
  }

  change(next: Scenario): void {
    this.remember();
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
    this.unfolded = false;
    this.showSummary();
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

  showGains(supply: Supply): void {
    this.gaining?.abort();
    const gaining = new AbortController();
    this.gaining = gaining;
    this.simulations
      .gains(this.around.store.state, supply, gaining.signal)
      .then((gains) => {
        if (gaining.signal.aborted) return;
        this.gains = gains;
        this.choose('gains');
      })
      .catch((error: unknown) => {
        if (!isAbort(error) && !gaining.signal.aborted) this.fault(error);
      });
  }

  sentence(error: unknown): string {
    if (error instanceof OtherEdition) return words.errors.otherEdition;
    if (error instanceof Unreachable) return words.errors.unreachable;
    if (error instanceof Problem) return error.detail;
    console.error(error);
    return words.errors.unexpected;
  }

  // The panel

  private show(): void {
    this.open = true;
    document.body.classList.add(ON);
    this.around.panel.hidden = false;
    this.around.panel.setAttribute('aria-labelledby', 'simuler-titre');
    this.around.opener.hidden = true;
    this.overlays.show(true);
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
    this.latest.stop();
    this.gaining?.abort();
    this.marks.show({ name: '', actions: [] });
    this.written = { essai: null, scenario: null };
    document.body.classList.remove(ON);
    this.around.panel.hidden = true;
    this.overlays.show(false);
    void this.map.drawCurtain(null, 0);
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
    this.unfolded = true;
    this.showSummary();
    this.place.replaceChildren(
      element(
        'ul',
        { class: 'tools' },
        ...TOOLS.map((key) =>
          element(
            'li',
            {},
            button(
              { class: `tools__one tools__one--${key}`, 'data-tool': key },
              () => this.use(key),
              element('span', {}, terms.tools[key]),
              element('small', {}, terms.toolHints[key]),
            ),
          ),
        ),
      ),
    );
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
      this.gaining?.abort();
      this.choose('apres');
    }
    this.tool = undefined;
    this.retarget();
  }

  private edit(index: number): void {
    const action = this.current.actions[index];
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

  /** Reads what the address names: a scenario of its own, or a saved one. */
  private async load({ essai, scenario: id }: State, fresh: boolean): Promise<void> {
    this.written = { essai, scenario: id };
    const turn = (this.loading += 1);
    this.alert.textContent = '';
    try {
      if (id !== null && this.saved?.id !== id) {
        const scenario = readScenario(await this.simulations.open(id));
        if (turn !== this.loading) return;
        if (!scenario) throw new Problem(422, terms.keep.broken, undefined);
        this.saved = { id, scenario };
        if (!essai) this.start(scenario);
      } else if (id !== null && !essai && this.saved) {
        this.start(this.saved.scenario);
      }
      if (id === null) this.saved = undefined;
      if (essai) {
        const scenario = decode(essai);
        if (!scenario) throw new Problem(422, terms.keep.broken, undefined);
        this.start(scenario);
      } else if (id === null) {
        // Opened anew: what was tried before is still there.
        this.start(this.current);
        if (fresh) this.write();
      }
    } catch (error) {
      if (turn === this.loading && !isAbort(error)) this.fault(error);
    }
  }

  private start(scenario: Scenario): void {
    if (scenario !== this.current) this.past = [];
    this.current = scenario;
    if (this.tool && this.tool.key !== 'suggerer') this.menu(false);
    this.showAll();
    this.simulate(true);
  }

  private remember(): void {
    this.past.push(this.current);
  }

  /** The scenario is another; `live` while a hand is still moving it. */
  private apply(next: Scenario, live: boolean): void {
    this.current = next;
    if (this.overlays.current === 'gains' || this.overlays.current === 'avant' || (this.overlays.current === 'rideau' && live)) this.choose('apres');
    if (live) this.marks.show(next);
    else {
      this.showAll();
      this.write();
    }
    this.simulate(!live);
  }

  private undo(): void {
    const before = this.past.pop();
    if (!before) return;
    if (this.tool && this.tool.key !== 'suggerer') this.menu(false);
    this.apply(before, false);
    this.say(terms.actions.undone);
    const again = this.list.querySelector<HTMLElement>('.actions__undo');
    if (!document.activeElement || document.activeElement === document.body) (again ?? this.title).focus({ preventScroll: true });
  }

  private remove(index: number): void {
    if (this.tool && this.tool.key !== 'suggerer') this.menu(false);
    this.change(without(this.current, index));
    (this.list.querySelector<HTMLElement>('.actions__undo') ?? this.title).focus({ preventScroll: true });
  }

  /** Puts the scenario in the address, as far as it fits. */
  private write(): void {
    const same = this.saved?.scenario === this.current;
    this.written = { essai: same ? '' : (encode(this.current) ?? ''), scenario: this.saved?.id ?? null };
    if (this.current.actions.length === 0 && !this.saved) this.written = { essai: '', scenario: null };
    this.around.store.update(this.written);
  }

  // Figures and colours

  private simulate(overtake: boolean): void {
    const state = this.around.store.state;
    this.asked = state;
    if (sendable(this.current).actions.length === 0) {
      this.latest.stop();
      this.result = undefined;
      this.busy(false);
      this.noFault();
      this.showSummary();
      this.paint();
      return;
    }
    const scenario = this.current;
    // Under a hand that drags, figures come faster than a dimming could be seen.
    if (overtake) this.busy(true);
    this.latest.run(async (signal) => {
      try {
        const result = await this.simulations.simulate(state, scenario, signal);
        if (signal.aborted) return;
        this.result = result;
        this.noFault();
        this.showSummary();
        this.paint();
        if (overtake) this.say(spokenSummary(result, state));
      } catch (error) {
        if (isAbort(error) || signal.aborted) return;
        this.result = undefined;
        this.fault(error);
        this.paint();
      }
      if (scenario === this.current) this.busy(false);
    }, overtake);
  }

  private busy(busy: boolean): void {
    if (busy) this.summary.setAttribute('aria-busy', 'true');
    else this.summary.removeAttribute('aria-busy');
  }

  /** The server's remark goes beside the field it is about, when a tool has one. */
  private fault(error: unknown): void {
    const text = this.sentence(error);
    this.noFault();
    const own = this.tool?.fault?.closest('[hidden]') ? undefined : this.tool?.fault;
    // Beside the field, its name and that of the action say nothing more.
    if (own) own.textContent = text.replace(/^.*champ «[^»]*» : /, '');
    else this.alert.textContent = text;
    this.summaryBody.replaceChildren();
    this.busy(false);
  }

  private noFault(): void {
    this.alert.textContent = '';
    if (this.tool?.fault) this.tool.fault.textContent = '';
  }

  private paint(): void {
    this.showLegend();
    if (this.classe) void this.map.paint(this.codes(this.classe));
    else this.around.repaint();
    this.drawCurtain();
  }

  private drawCurtain(): void {
    const drawn = this.open && this.overlays.current === 'rideau';
    this.overlays.curtain.hidden = !drawn;
    const before = drawn && this.classe ? overlay(this.classe, this.result?.map, 'avant') : null;
    void this.map.drawCurtain(before, Number(this.overlays.curtain.value) / 100);
  }

  private showAll(): void {
    this.marks.show(this.current);
    this.showActions();
    this.showKeep();
  }

  private showSummary(): void {
    const { result } = this;
    this.summary.hidden = Boolean(this.tool) && sendable(this.current).actions.length === 0;
    this.summaryBody.replaceChildren(
      ...(result
        ? summaryBody(result, this.around.store.state, this.around.edition, { open: this.unfolded, onToggle: (open) => (this.unfolded = open) }).filter((child) => child instanceof Node)
        : [element('p', { class: 'bilan__none' }, sendable(this.current).actions.length > 0 ? terms.summary.waiting : terms.summary.empty)]),
    );
  }

  private showLegend(): void {
    this.overlays.legend.replaceChildren(...overlayLegend(this.overlays.current, this.result, this.around.store.state));
  }

  private choose(overlay: Overlay): void {
    this.overlays.set(overlay);
    this.paint();
  }

  // Actions

  private showActions(): void {
    const { actions } = this.current;
    const { name } = this.current;
    this.list.hidden = actions.length === 0 && this.past.length === 0;
    if (this.list.hidden) {
      this.list.replaceChildren();
      return;
    }
    const focused = this.list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['key'] : undefined;
    const rename = element('input', { type: 'text', id: 'simuler-nom', maxlength: 120, autocomplete: 'off', 'data-key': 'nom' });
    rename.value = name;
    rename.addEventListener('change', () => this.change({ ...this.current, name: rename.value.trim() || terms.defaultName }));
    this.list.replaceChildren(
      ...(actions.length > 0 ? [element('h3', {}, terms.actions.title(actions.length))] : []),
      element('ol', { class: 'actions' }, ...actions.map((action, index) => actionItem(action, this.lieux, () => this.edit(index), () => this.remove(index)))),
      ...(this.past.length > 0
        ? [button({ class: 'button button--quiet actions__undo', title: 'Ctrl+Z', 'data-key': 'undo' }, () => this.undo(), terms.actions.undo)]
        : []),
      element('div', { class: 'field' }, element('label', { for: rename.id }, terms.actions.rename), rename),
    );
    // The list was made anew under the hand that changed it.
    if (focused) (this.list.querySelector<HTMLElement>(`[data-key="${focused}"]`) ?? this.title).focus({ preventScroll: true });
  }

  private showKeep(): void {
    const { saved } = this;
    this.keep.hidden = this.current.actions.length === 0;
    if (this.keep.hidden) return;
    const opened = this.keep.querySelector('details')?.open ?? false;
    this.keep.replaceChildren(
      keepSection({
        opened,
        scenario: this.current,
        saved: saved ? { id: saved.id, unchanged: saved.scenario === this.current } : undefined,
        fits: encode(this.current) !== undefined,
        files: saved && {
          csv: this.simulations.differenceFile(saved.id, this.around.store.state, 'csv'),
          geojson: this.simulations.differenceFile(saved.id, this.around.store.state, 'geojson'),
        },
        say: (text) => this.say(text),
        sentence: (error) => this.sentence(error),
        save: async (token) => {
          const scenario = this.current;
          const { id } = await this.simulations.save(scenario, token, this.saved?.id ?? null);
          this.saved = { id, scenario };
          this.write();
          this.showKeep();
          this.say(terms.keep.saved(scenario.name));
        },
        duplicate: () => {
          this.saved = undefined;
          this.change({ ...this.current, name: terms.keep.copyName(this.current.name) });
          this.say(terms.keep.duplicated(this.current.name));
        },
      }),
    );
  }
}
