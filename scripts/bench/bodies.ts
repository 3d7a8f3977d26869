/** The largest body that n8n accepts with its own settings, in bytes */
export const LARGEST_BODY = 16 * 2 ** 20;

/** A webhook with this many stage changes, as Kommo writes it. `qs.stringify` cannot write so many. */
export function makeStageChanges(records: number): string {
	const pairs = Array.from({ length: records }, (_, index) => makeStageChange(index)).flat();
	return [...pairs, 'account%5Bid%5D=29085955', 'account%5Bsubdomain%5D=acme'].join('&');
}

function makeStageChange(index: number): string[] {
	const record = {
		id: 4831596 + index,
		status_id: 16203337,
		pipeline_id: 752662,
		old_status_id: 16203334,
		old_pipeline_id: 752662,
	};
	return Object.entries(record).map(
		([field, value]) => `leads%5Bstatus%5D%5B${index}%5D%5B${field}%5D=${value}`,
	);
}
