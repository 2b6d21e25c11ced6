/**
 * The scenario being tried: an immutable value, whose past is a list of such
 * values, which is all that undoing needs; and where it is kept, in the address
 * and on the server.
 */
import { isAbort, Problem } from '../shared/api.ts';
import type { State, Store } from '../shared/state.ts';
import { decode, encode, readScenario, type Scenario } from './scenario.ts';
import type { Simulations } from './simulation.ts';
import { terms } from './words.ts';

export class Draft {
  private scenario: Scenario = { name: terms.defaultName, actions: [] };
  private past: Scenario[] = [];
  /** The scenario as the server has it. */
  private kept: { readonly id: string; readonly scenario: Scenario } | undefined;
  /** Drops answers to a link that another has overtaken. */
  private loading = 0;
  /** What was itself written in the address. */
  private written: Pick<State, 'essai' | 'scenario'> = { essai: null, scenario: null };

  /** `started` hears that another scenario was read, `fault` that it could not be. */
  constructor(
    private readonly simulations: Simulations,
    private readonly store: Store,
    private readonly started: () => void,
    private readonly fault: (error: unknown) => void,
  ) {}

  get current(): Scenario {
    return this.scenario;
  }

  get saved(): { readonly id: string; readonly unchanged: boolean } | undefined {
    return this.kept && { id: this.kept.id, unchanged: this.kept.scenario === this.scenario };
  }

  get hasPast(): boolean {
    return this.past.length > 0;
  }

  /** Whether the address of `state` names what was written there. */
  isIn({ essai, scenario }: State): boolean {
    return essai === this.written.essai && scenario === this.written.scenario;
  }

  /** The address names no scenario any more. */
  leave(): void {
    this.written = { essai: null, scenario: null };
  }

  remember(): void {
    this.past.push(this.scenario);
  }

  become(next: Scenario): void {
    this.scenario = next;
  }

  /** What was there before the last change, which is forgotten. */
  before(): Scenario | undefined {
    return this.past.pop();
  }

  /** Reads what the address names: a scenario of its own, or a saved one. */
  async load({ essai, scenario: id }: State, fresh: boolean): Promise<void> {
    this.written = { essai, scenario: id };
    const turn = (this.loading += 1);
    try {
      if (id !== null && this.kept?.id !== id) {
        const scenario = readScenario(await this.simulations.open(id));
        if (turn !== this.loading) return;
        if (!scenario) throw new Problem(422, terms.keep.broken, undefined);
        this.kept = { id, scenario };
        if (!essai) this.start(scenario);
      } else if (id !== null && !essai && this.kept) {
        this.start(this.kept.scenario);
      }
      if (id === null) this.kept = undefined;
      if (essai) {
        const scenario = decode(essai);
        if (!scenario) throw new Problem(422, terms.keep.broken, undefined);
        this.start(scenario);
      } else if (id === null) {
        // Opened anew: what was tried before is still there.
        this.start(this.scenario);
        if (fresh) this.write();
      }
    } catch (error) {
      if (turn === this.loading && !isAbort(error)) this.fault(error);
    }
  }

  /** Puts the scenario in the address, as far as it fits. */
  write(): void {
    const { saved } = this;
    this.written = { essai: saved?.unchanged ? '' : (encode(this.scenario) ?? ''), scenario: saved?.id ?? null };
    if (this.scenario.actions.length === 0 && !saved) this.written = { essai: '', scenario: null };
    this.store.update(this.written);
  }

  /** Saves the scenario on the server, and says which that was: another may be tried meanwhile. */
  async save(token: string): Promise<Scenario> {
    const { scenario } = this;
    const { id } = await this.simulations.save(scenario, token, this.kept?.id ?? null);
    this.kept = { id, scenario };
    this.write();
    return scenario;
  }

  /** Goes on with a scenario that the server does not know. */
  detach(): void {
    this.kept = undefined;
  }

  private start(scenario: Scenario): void {
    if (scenario !== this.scenario) this.past = [];
    this.scenario = scenario;
    this.started();
  }
}
