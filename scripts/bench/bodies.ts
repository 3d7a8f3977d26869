/** The largest body that n8n accepts with its own settings, in bytes */
const LARGEST_BODY = 16 * 2 ** 20;

/** The most that one record takes, in bytes */
const RECORD_SIZE = 300;

/** A webhook with this many stage changes, as Kommo writes it. `qs.stringify` cannot write this many. */
export function makeStageChanges(records: number): string {
	const pairs = Array.from({ length: records }, (_, index) => makeStageChange(index)).flat();
	return [...pairs, 'account%5Bid%5D=29085955', 'account%5Bsubdomain%5D=acme'].join('&');
}

/** How many stage changes make the largest body. */
export function countLargest(): number {
	return Math.floor(LARGEST_BODY / RECORD_SIZE);
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
