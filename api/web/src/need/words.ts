/** The words of the maps of the index, in the language of the page. */
import { ENGLISH } from '../shared/lang.ts';
import { terms as english } from './en.ts';
import { terms as french } from './fr.ts';

export const terms: typeof french = ENGLISH ? english : french;
