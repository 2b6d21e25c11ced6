/** What a scenario would change: asked of the server at each change, and said in figures, or why it cannot be. */
import { isAbort, OtherEdition, Problem, Unreachable } from '../shared/api.ts';
import { element } from '../shared/element.ts';
import { sameQuestion, type State } from '../shared/state.ts';
import { words } from '../shared/words.ts';
import type { Around } from './around.ts';
import type { Tool } from './bench.ts';
import { type Scenario, sendable } from './scenario.ts';
import { knowingSection } from './knowing.ts';
import { Latest, type Simulation, type Simulations } from './simulation.ts';
import { spokenSummary, summaryBody } from './summary.ts';
import { terms } from './words.ts';

/** What the figures are of, and who shows them besides. */
export interface Trial {
  readonly scenario: () => Scenario;
  readonly tool: () => Tool | undefined;
  readonly paint: () => void;
  readonly say: (text: string) => void;
  readonly openLieu: (id: string) => void;
}

/** Lieux to ask that are told at once: the figures must stay in sight. */
const KNOWING_SHOWN = 1;

export class Outcome {
  readonly section = element('section', { class: 'simuler__bilan', 'aria-labelledby': 'simuler-bilan' });
  private readonly body = element('div', { class: 'simuler__bilan-body' });
  private readonly alert = element('p', { class: 'tool__fault', role: 'alert' });
  private readonly latest = new Latest();
  private simulation: Simulation | undefined;
  private asked: State | undefined;
  /** Whether the territoires that change are unfolded; a tool needs the room. */
  private unfolded = true;

  constructor(
    private readonly around: Around,
    private readonly simulations: Simulations,
    private readonly trial: Trial,
  ) {
    this.section.append(element('h3', { id: 'simuler-bilan' }, terms.summary.title), this.body, this.alert);
  }

  get result(): Simulation | undefined {
    return this.simulation;
  }

  /** Whether figures were asked for, but to another question than that of `state`. */
  isOutdated(state: State): boolean {
    return this.asked !== undefined && !sameQuestion(this.asked, state);
  }

  /** The figures were of another question. */
  forget(): void {
    this.simulation = undefined;
  }

  stop(): void {
    this.latest.stop();
  }

  simulate(overtake: boolean): void {
    const state = this.around.store.state;
    this.asked = state;
    const scenario = this.trial.scenario();
    if (sendable(scenario).actions.length === 0) {
      this.latest.stop();
      this.simulation = undefined;
      this.busy(false);
      this.noFault();
      this.show();
      this.trial.paint();
      return;
    }
    // Under a hand that drags, figures come faster than a dimming could be seen.
    if (overtake) this.busy(true);
    this.latest.run(async (signal) => {
      try {
        const result = await this.simulations.simulate(state, scenario, signal);
        if (signal.aborted) return;
        this.simulation = result;
        this.noFault();
        this.show();
        this.trial.paint();
        if (overtake) this.trial.say(spokenSummary(result, state));
      } catch (error) {
        if (isAbort(error) || signal.aborted) return;
        this.simulation = undefined;
        this.fault(error);
        this.trial.paint();
      }
      if (scenario === this.trial.scenario()) this.busy(false);
    }, overtake);
  }

  /** Shows the figures, the territoires that change folded or not. */
  show(unfolded = this.unfolded): void {
    this.unfolded = unfolded;
    const { result } = this;
    const some = sendable(this.trial.scenario()).actions.length > 0;
    this.section.hidden = Boolean(this.trial.tool()) && !some;
    this.body.replaceChildren(
      ...(result
        ? [knowingSection(result.knowing, KNOWING_SHOWN, this.trial.openLieu), ...summaryBody(result, this.around.store.state, this.around.edition, { open: unfolded, onToggle: (open) => (this.unfolded = open) })].filter((child) => child instanceof Node)
        : [element('p', { class: 'bilan__none' }, some ? terms.summary.waiting : terms.summary.empty)]),
    );
  }

  /** The server's remark goes beside the field it is about, when a tool has one. */
  fault(error: unknown): void {
    const text = sentence(error);
    this.noFault();
    const field = this.trial.tool()?.fault;
    const own = field?.closest('[hidden]') ? undefined : field;
    // Beside the field, its name and that of the action say nothing more.
    if (own) own.textContent = text.replace(/^.*champ «[^»]*» : /, '');
    else this.alert.textContent = text;
    this.body.replaceChildren();
    this.busy(false);
  }

  clearAlert(): void {
    this.alert.textContent = '';
  }

  private noFault(): void {
    this.clearAlert();
    const field = this.trial.tool()?.fault;
    if (field) field.textContent = '';
  }

  private busy(busy: boolean): void {
    if (busy) this.section.setAttribute('aria-busy', 'true');
    else this.section.removeAttribute('aria-busy');
  }
}

/** What went wrong, for a person. */
export function sentence(error: unknown): string {
  if (error instanceof OtherEdition) return words.errors.otherEdition;
  if (error instanceof Unreachable) return words.errors.unreachable;
  if (error instanceof Problem) return error.detail;
  console.error(error);
  return words.errors.unexpected;
}
