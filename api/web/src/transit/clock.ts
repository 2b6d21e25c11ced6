/** "HH:MM" of the server as a person reads it. */
import { words } from '../shared/words.ts';

export function clock(text: string): string {
  return words.moment.hour(Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));
}
