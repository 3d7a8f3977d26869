import { OTHER } from '../../shared/events/eventTable';
import { CHOICES } from '../events';

/**
 * The codes to register: the chosen ones except `other`, and the additional ones, each once.
 *
 * @param additional separated by commas or spaces
 */
export function listCodes(chosen: readonly string[], additional: string): string[] {
	const codes = [...chosen, ...additional.split(/[\s,]+/)];
	return [...new Set(codes)].filter((code) => code !== '' && code !== OTHER);
}

/** The event's name in "Trigger On"; the code itself if it is not in that list */
export function nameOf(code: string): string {
	return CHOICES.find((row) => row.code === code)?.name ?? code;
}

export function isChoice(code: string): boolean {
	return CHOICES.some((row) => row.code === code);
}
