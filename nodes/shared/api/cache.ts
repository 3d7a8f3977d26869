/** Pipelines, stages and users change seldom; what an event is enriched with may be this old. */
const LIFETIME = 10 * 60 * 1000;

const entries = new Map<string, { value: Promise<unknown>; until: number }>();

/** What is kept under the key, or else what `load` gives; all who ask meanwhile wait for one load. */
export async function getOrLoad<T>(key: string, load: () => Promise<T>): Promise<T> {
	const entry = entries.get(key);
	if (entry && Date.now() < entry.until) return await (entry.value as Promise<T>);

	const value = load();
	entries.set(key, { value, until: Date.now() + LIFETIME });
	// A failure is not kept; who waits for the value gets to see it.
	value.catch(() => entries.delete(key));
	return await value;
}
