/**
 * The code of a call, for an n8n expression. n8n runs it apart from this module, so the function must use
 * nothing but its arguments.
 *
 * @param input the first argument as n8n's code, e.g. `$parameter`
 * @param constants further arguments, which JSON can hold
 */
export function callOf<Constants extends unknown[]>(
	// `never`, because n8n gives the first argument.
	work: (input: never, ...constants: Constants) => unknown,
	input: string,
	...constants: Constants
): string {
	const values = [input, ...constants.map((constant) => JSON.stringify(constant))];
	return `(${work.toString()})(${values.join(', ')})`;
}
