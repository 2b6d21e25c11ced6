/** What the index lacks: the server's report, in the order in which the panel tells it. Pure. */
import type { Completeness } from '../shared/api.ts';

/** A variable, or a part of one, that is unknown somewhere, old, or stood for by another. */
export type Lack = Completeness['variables'][number];

/** Those of most weight unknown to most people first, then those of most weight; the server's order where these are equal. */
export function worstFirst({ variables }: Completeness): Lack[] {
  return [...variables].sort((a, b) => b.index_share * b.people_unknown - a.index_share * a.people_unknown || b.index_share - a.index_share);
}
