/** Pipelines, stages and users change seldom; an event's names may be this old. */
const LIFETIME = 10 * 60 * 1000;

const entries = new Map<string, { value: unknown; until: number }>();

/** The value kept under the key, or else what `load` gives, kept from then on. A failure is not kept. */
export async function keep<T>(key: string, load: () => Promise<T>): Promise<T> {
	const entry = entries.get(key);
	if (entry && Date.now() < entry.until) return entry.value as T;

	const value = await load();
	entries.set(key, { value, until: Date.now() + LIFETIME });
	return value;
}
