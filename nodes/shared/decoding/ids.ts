/**
 * Turns an id into a number: the name is `id` or ends in `_id`, and the value is the canonical decimal of a
 * safe integer. Everything else stays as it was sent: `"007"` is a text, and an id beyond 2^53 would change.
 */
export function toNumberIfId(name: string, value: string): string | number {
	if (name !== 'id' && !name.endsWith('_id')) return value;
	const id = Number(value);
	return Number.isSafeInteger(id) && String(id) === value ? id : value;
}
