/** What a simulation changes, as the few figures that are said in words. Pure. */
import type { Change, Simulation } from './simulation.ts';

export interface Both {
  readonly gained: number;
  readonly lost: number;
}

/** People whose weekly hours change, and by how many hours on average. */
export interface HoursChange {
  readonly people: number;
  readonly mean: number;
}

export interface Effect {
  /** People who become `couverte`, and who cease to be. */
  readonly covered: Both;
  /** People who come within reach of a lieu, and who fall out of it. */
  readonly within: Both;
  readonly moreHours: HoursChange;
  readonly fewerHours: HoursChange;
  /** People whose nearest lieu is nearer, and farther. */
  readonly nearer: Both;
  readonly zones: Simulation['zones'];
}

export function effectOf(simulation: Simulation): Effect {
  const passed = (test: (from: string, to: string) => boolean) =>
    simulation.transitions.reduce((sum, { from, to, people }) => sum + (from !== to && test(from, to) ? people : 0), 0);
  return {
    covered: { gained: passed((_, to) => to === 'couverte'), lost: passed((from) => from === 'couverte') },
    within: { gained: passed((from) => from === 'blanche'), lost: passed((_, to) => to === 'blanche') },
    moreHours: hoursChange(simulation.gained),
    fewerHours: hoursChange(simulation.lost),
    nearer: { gained: simulation.gained.time_people, lost: simulation.lost.time_people },
    zones: simulation.zones,
  };
}

export function isNothing({ covered, within, moreHours, fewerHours, nearer }: Effect): boolean {
  return [covered, within, nearer].every(({ gained, lost }) => gained === 0 && lost === 0) && moreHours.people + fewerHours.people === 0;
}

/** Where the hours are unknown, before or after, nothing is counted. */
function hoursChange({ hours_changed: people, hours_people: total }: Simulation['gained']): HoursChange {
  return { people, mean: people > 0 ? total / people : 0 };
}

/** The territoires of each level that change most, by people who change of class. */
export function mostChanged(changes: readonly Change[], types: readonly Change['type'][], most: number): Change[] {
  return types.flatMap((type) =>
    changes
      .filter((change) => change.type === type && weight(change) > 0)
      .sort((a, b) => weight(b) - weight(a) || a.nom.localeCompare(b.nom, 'fr'))
      .slice(0, most),
  );
}

function weight({ before, after }: Change): number {
  return Math.abs(after.classes.couverte - before.classes.couverte) + Math.abs(after.classes.blanche - before.classes.blanche);
}

/** People with a lieu within reach. */
export function within({ population, classes }: Change['before']): number {
  return population - classes.blanche;
}
