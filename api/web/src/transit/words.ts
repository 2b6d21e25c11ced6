/** The words of journeys by timetable, in the language of the page. */
import { ENGLISH } from '../shared/lang.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

export const terms: typeof en = ENGLISH ? en : fr;
