import type { JsonMap } from './json';

/** A name for a field whose own name is taken: with `record_` in front, once more if the record has that too. */
export function rename(name: string, record: JsonMap): string {
	const renamed = `record_${name}`;
	return renamed in record ? rename(renamed, record) : renamed;
}
