import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second, whatever the kernel's own clock is. */
const MS_PER_TICK = 10;

interface Entry {
	pid: number;
	parent: number;
	/** In ms */
	time: number;
}

/** Gives the processor time that a process and its descendants have used so far, in ms. */
export function readProcessorTime(pid: number): number {
	const entries = readEntries();
	const sum = (id: number): number =>
		entries
			.filter(({ pid, parent }) => pid === id || parent === id)
			.reduce((total, entry) => total + (entry.pid === id ? entry.time : sum(entry.pid)), 0);
	return sum(pid);
}

function readEntries(): Entry[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			try {
				return [readEntry(Number(name))];
			} catch {
				return []; // It has ended in the meantime.
			}
		});
}

/** proc(5): the fields behind the command, which is in brackets and may hold blanks, begin with the third. */
function readEntry(pid: number): Entry {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	// User and kernel time, and that of children that have ended
	const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0);
	return { pid, parent: Number(fields[1]), time: ticks * MS_PER_TICK };
}
