/**
 * Writes a call of the function as code for an n8n expression. n8n runs the code outside this module, so the
 * function must use nothing but its arguments.
 *
 * @param input the code of the first argument, e.g. `$parameter`
 * @param constants the other arguments, written as JSON
 */
export function callOf<Constants extends unknown[]>(
	// `never`, because only n8n passes the first argument.
	work: (input: never, ...constants: Constants) => unknown,
	input: string,
	...constants: Constants
): string {
	const values = [input, ...constants.map((constant) => JSON.stringify(constant))];
	return `(${work.toString()})(${values.join(', ')})`;
}
