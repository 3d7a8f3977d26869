import { PAGE_SIZE } from '../api/client';

/** The ids, each once, in chunks as large as Kommo takes in one filter. */
export function chunksOf<T>(ids: readonly T[]): T[][] {
	const distinct = [...new Set(ids)];
	return Array.from({ length: Math.ceil(distinct.length / PAGE_SIZE) }, (_, index) =>
		distinct.slice(index * PAGE_SIZE, (index + 1) * PAGE_SIZE),
	);
}
