/** A row of a trigger's table of events: the one place that knows its labels */
export interface EventRow {
	/** The value in "Trigger On" */
	code: string;
	/** Name in "Trigger On" */
	name: string;
	description: string;
	/** Label of the output; the canvas cuts it after about 11 characters while nothing is connected to it */
	output: string;
}

/** The code of Other Events, which takes every event that no other chosen value takes */
export const OTHER = 'other';

/** @param output a shorter label, where the canvas would cut two names to the same text */
export function row<const Code extends string>(
	code: Code,
	name: string,
	description: string,
	output = name,
): EventRow & { code: Code } {
	return { code, name, output, description };
}

/** For the description of an event that Kommo's own reference lacks */
export const ONLY_AMOCRM = 'Only amoCRM documents this event.';
