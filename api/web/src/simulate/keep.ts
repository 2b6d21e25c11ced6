/** Keeping a scenario: as a link, as a file, or on the server. */
import { button, element } from '../shared/element.ts';
import type { Scenario } from './scenario.ts';
import { terms } from './words.ts';

/** Where the token waits for the next save; it leaves with the tab. */
const TOKEN_KEY = 'maillage-jeton';

export interface Keeping {
  readonly opened: boolean;
  readonly scenario: Scenario;
  readonly saved: { readonly id: string; readonly unchanged: boolean } | undefined;
  /** Whether the address carries the scenario. */
  readonly fits: boolean;
  readonly files: { readonly csv: string; readonly geojson: string } | undefined;
  readonly say: (text: string) => void;
  readonly sentence: (error: unknown) => string;
  readonly save: (token: string) => Promise<void>;
  /** Goes on with a copy, of another name, that the server does not know. */
  readonly duplicate: () => void;
}

export function keepSection(keeping: Keeping): HTMLDetailsElement {
  return element(
    'details',
    { class: 'keep', open: keeping.opened },
    element('summary', {}, terms.keep.title),
    linkField(keeping),
    button({ class: 'button button--quiet' }, () => download(keeping.scenario), terms.keep.download),
    saveForm(keeping),
    button({ class: 'button button--quiet', 'data-key': 'dupliquer' }, keeping.duplicate, terms.keep.duplicate),
    keeping.saved &&
      keeping.files &&
      element(
        'p',
        { class: 'keep__files' },
        terms.keep.files,
        ' ',
        element('a', { class: 'link', href: keeping.files.csv, download: true }, terms.keep.csv),
        ', ',
        element('a', { class: 'link', href: keeping.files.geojson, download: `scenario-${keeping.saved.id}.geojson` }, terms.keep.geojson),
      ),
  );
}

function linkField({ saved, fits, say }: Keeping): HTMLElement {
  if (!fits && !saved?.unchanged) return element('p', { class: 'tool__hint' }, terms.keep.linkLong);
  const input = element('input', { type: 'text', id: 'simuler-lien', readonly: true });
  input.value = location.href;
  input.addEventListener('focus', () => {
    // The view may have moved since.
    input.value = location.href;
    input.select();
  });
  const copy = async () => {
    input.value = location.href;
    try {
      await navigator.clipboard.writeText(input.value);
      say(terms.keep.copied);
      label.textContent = terms.keep.copied;
    } catch {
      // No right to the clipboard: the link is selected, for the hand to copy.
      input.focus();
    }
  };
  const label = element('span', {}, terms.keep.copy);
  return element(
    'div',
    { class: 'field' },
    element('label', { for: input.id }, terms.keep.link),
    element('span', { class: 'field__row' }, input, button({ class: 'button button--quiet' }, () => void copy(), label)),
    element('small', {}, saved?.unchanged ? terms.keep.linkSaved : terms.keep.linkHint),
  );
}

function saveForm({ saved, save, sentence }: Keeping): HTMLElement {
  const input = element('input', { type: 'password', id: 'simuler-jeton', autocomplete: 'off' });
  input.value = sessionStorage.getItem(TOKEN_KEY) ?? '';
  const fault = element('p', { class: 'tool__fault', role: 'alert' });
  const submit = element('button', { type: 'submit', class: 'button' }, saved ? terms.keep.saveAgain : terms.keep.save);
  const form = element(
    'form',
    { class: 'field' },
    element('label', { for: input.id }, terms.keep.token),
    element('span', { class: 'field__row' }, input, submit),
    element('small', {}, terms.keep.tokenHint),
    fault,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const token = input.value.trim();
    fault.textContent = '';
    submit.disabled = true;
    save(token)
      .then(() => sessionStorage.setItem(TOKEN_KEY, token))
      .catch((error: unknown) => {
        sessionStorage.removeItem(TOKEN_KEY);
        fault.textContent = sentence(error);
      })
      .finally(() => (submit.disabled = false));
  });
  return form;
}

function download(scenario: Scenario): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(scenario, null, 2)], { type: 'application/json' }));
  const name = scenario.name.normalize('NFD').replace(/\p{M}/gu, '').replace(/[^\w]+/g, '-').replace(/^-|-$/g, '').toLowerCase();
  element('a', { href: address, download: `${name || 'scenario'}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
