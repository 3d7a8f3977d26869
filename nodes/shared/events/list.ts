/** The names in a list, or in a text that separates them by commas or spaces, as an expression may give it. */
export function toList(value: unknown): string[] {
	const values: unknown[] = typeof value === 'string' ? value.split(/[\s,]/) : [value].flat();
	return values.filter((entry) => typeof entry === 'string' && entry !== '') as string[];
}
