import { PAGE_SIZE } from '../api/client';

/** The ids, each once, in chunks of this size; by default as large as Kommo takes in one filter. */
export function chunksOf<T>(ids: readonly T[], size = PAGE_SIZE): T[][] {
	const distinct = [...new Set(ids)];
	return Array.from({ length: Math.ceil(distinct.length / size) }, (_, index) =>
		distinct.slice(index * size, (index + 1) * size),
	);
}
