/** What could not be loaded, in words, and what to do about it. */
import { OtherEdition, Problem, Unreachable } from '../shared/api.ts';
import { button, element } from '../shared/element.ts';
import { words } from '../shared/words.ts';

/** Shows an error, with a button to try again; null: there is none any more. */
export function showAlert(place: HTMLElement, error: unknown, retry: () => void): void {
  place.hidden = error === null;
  if (error === null) {
    place.replaceChildren();
    return;
  }
  if (error instanceof OtherEdition) {
    place.replaceChildren(
      element('p', {}, words.errors.otherEdition),
      button({ class: 'button' }, () => location.reload(), words.errors.reload),
    );
    return;
  }
  const problem = error instanceof Problem ? error : undefined;
  const detail = problem?.detail ?? (error instanceof Unreachable ? words.errors.unreachable : words.errors.unexpected);
  if (!problem && !(error instanceof Unreachable)) console.error(error);
  place.replaceChildren(
    element('b', {}, words.errors.title),
    element('p', {}, detail, problem?.id ? ` ${words.errors.reference(problem.id)}` : null),
    button({ class: 'button' }, retry, words.errors.retry),
  );
}
