/** The words of the page, in its language. */
import { en } from './en.ts';
import { fr } from './fr.ts';
import { ENGLISH } from './lang.ts';

export const words: typeof en = ENGLISH ? en : fr;
