import { KOMMO_WAITS } from '../../scripts/kommo/request';
import type { Recorded } from './executions';
import type { LeadOutcome } from './requests';
import { countEach, percentile } from './statistics';

let lastLead = 1_000_000;

/** Ids of leads that no other request of this run has: each request is found again by its lead. */
export function newLeads(count: number): number[] {
	return Array.from({ length: count }, () => ++lastLead);
}

/** The counts if this many requests are each answered and executed once */
export function allOnce(count: number): Tally['counts'] {
	return { sent: count, answered: count, executed: count, missing: 0, doubled: 0, unknown: 0 };
}

/** Compares what was sent, answered and executed lead by lead: equal counts could hide one lost and one doubled. */
export class Tally {
	private readonly sent = new Set<number>();

	private readonly outcomes: LeadOutcome[] = [];

	private executions: Recorded[] = [];

	constructor(private readonly title: string) {}

	/** Counts a request as sent, and its outcome when it comes. */
	async follow(lead: number, outcome: Promise<LeadOutcome>): Promise<void> {
		this.sent.add(lead);
		this.outcomes.push(await outcome);
	}

	/** Takes the workflow's executions as n8n has recorded them. */
	compareWith(executions: Recorded[]): void {
		this.executions = executions;
	}

	get counts() {
		const answered = this.answered.map(({ lead }) => lead);
		const runs = countEach(this.executions.flatMap(({ leads }) => leads));
		const executed = [...this.sent].filter((lead) => runs.has(lead));
		return {
			sent: this.sent.size,
			answered: answered.length,
			executed: executed.length,
			/** Answered 200, and yet without an execution: lost, since Kommo sends an event once */
			missing: answered.filter((lead) => !runs.has(lead)).length,
			doubled: [...runs.values()].filter((count) => count > 1).length,
			/** In executions, but never sent */
			unknown: [...runs.keys()].filter((lead) => !this.sent.has(lead)).length,
		};
	}

	/** The share of sent requests that were answered 200 while Kommo waits, from 0 to 1 */
	get shareInTime(): number {
		return this.answered.filter(({ ms }) => ms <= KOMMO_WAITS).length / this.sent.size;
	}

	/** How many of the executions have which status */
	get statuses(): Record<string, number> {
		return Object.fromEntries(countEach(this.executions.map(({ status }) => status)));
	}

	/** The leads whose requests were not answered 200 */
	leadsWithout200(): number[] {
		return this.outcomes.filter(({ result }) => result !== 200).map(({ lead }) => lead);
	}

	/** Those of the leads that have an execution */
	findExecuted(leads: number[]): number[] {
		const executed = new Set(this.executions.flatMap((execution) => execution.leads));
		return leads.filter((lead) => executed.has(lead));
	}

	/** Writes the figures on one line of the command's output. */
	print(...remarks: string[]): void {
		const { sent, answered, executed, missing, doubled } = this.counts;
		const times = this.answered.map(({ ms }) => ms).sort((a, b) => a - b);
		const at = (share: number) => Math.round(percentile(times, share));
		const speed = [`median ${at(0.5)} ms`, `p99 ${at(0.99)} ms`, `slowest ${at(1)} ms`];
		const figures = [
			`${sent} sent`,
			`${answered} answered 200`,
			`${executed} executed`,
			`${missing} missing`,
			`${doubled} doubled`,
			`${(this.shareInTime * 100).toFixed(1)} % within 2 s`,
			...(answered > 0 ? speed : []),
			...remarks,
		];
		process.stdout.write(`${this.title}: ${figures.join(', ')}\n`);
	}

	private get answered(): LeadOutcome[] {
		return this.outcomes.filter(({ result }) => result === 200);
	}
}
