/** The words of the mode that tries changes, in the language of the page. */
import { ENGLISH } from '../shared/lang.ts';
import { words as english } from './en.ts';
import { terms as french } from './fr.ts';

export const terms: typeof english = ENGLISH ? english : french;
