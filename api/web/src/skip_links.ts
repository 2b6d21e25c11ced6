/** The links that jump over the map, for whoever goes by keyboard. */
import { byId } from './shared/element.ts';
import type { Store } from './shared/state.ts';

export function bindSkipLinks(store: Store): void {
  for (const link of document.querySelectorAll<HTMLElement>('[data-skip]')) {
    link.addEventListener('click', (event) => {
      // The fragment belongs to the state, so the jump is made here.
      event.preventDefault();
      const target = link.dataset['skip'] ?? '';
      if (target === 'tableau') store.update({ tableau: true });
      skipTo(target);
    });
  }
}

/** Goes on from a part of the page. */
export function skipTo(part: string): void {
  byId(part).focus({ preventScroll: true });
  byId(part).scrollIntoView();
}
