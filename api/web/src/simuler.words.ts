/** The words of the mode that tries changes, in the language of the page. */
import { ENGLISH } from './lang.ts';
import { words as english } from './simuler.en.ts';
import { mots as french } from './simuler.fr.ts';

export const mots: typeof english = ENGLISH ? english : french;
