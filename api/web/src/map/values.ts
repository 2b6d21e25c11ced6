/** The columns of values that the map is painted from, kept for the few questions last asked: sliders go back and forth. */
import type { Api, ColumnName, Edition } from '../shared/api.ts';
import { type Column, decodeColumn, rowCount } from '../shared/columns.ts';
import { byTimetable, type State } from '../shared/state.ts';

const KEPT = 24;

export class Values {
  private readonly kept = new Map<string, Promise<Column>>();

  constructor(private readonly api: Api) {}

  column(name: ColumnName, state: State, edition: Edition): Promise<Column> {
    const parts: unknown[] = [name];
    if (name !== 'personnes' && name !== 'ifn') parts.push(state.service, state.mode);
    if (name === 'classe' || name === 'agir' || name === 'heures' || (name === 'minutes' && byTimetable(state.mode))) parts.push(state.minutes);
    if (name === 'classe' || name === 'agir') parts.push(state.hours);
    if (name === 'classe' || name === 'agir' || name === 'heures' || name === 'ouvert') parts.push(state.rendezVous);
    if (name === 'ouvert') parts.push(state.minutes, state.quand);
    const key = parts.join('/');
    let column = this.kept.get(key);
    if (!column) {
      column = this.api.getColumn(name, state).then((buffer) => decodeColumn(name, buffer, rowCount(edition.cells)));
      column.catch(() => this.kept.delete(key));
      this.kept.set(key, column);
      for (const old of [...this.kept.keys()].slice(0, -KEPT)) this.kept.delete(old);
    }
    return column;
  }
}
