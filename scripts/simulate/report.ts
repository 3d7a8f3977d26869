import { DEMO_URL } from '../n8n/demo';
import { KOMMO_WAITS } from '../kommo/request';
import { percentile } from '../bench/percentile';
import { advise } from './advice';
import { isTaken, type Outcome } from './outcome';

const WIDTH = 14;

const FASTER =
	' n8n 2.x answers several times as many with N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE=true (docs/reliability.md).';

/** What became of the requests of one run. */
export class Report {
	private sent = 0;

	private readonly started = performance.now();

	private lastSent = this.started;

	private readonly times: number[] = [];

	/** The first outcome with each result, and how many there were */
	private readonly outcomes = new Map<Outcome['result'], { first: Outcome; count: number }>();

	constructor(private readonly url: string) {}

	/** Counts a request that is about to be sent. */
	countSent(): void {
		this.sent++;
		this.lastSent = performance.now();
	}

	countOutcome(outcome: Outcome): void {
		const known = this.outcomes.get(outcome.result);
		if (known) known.count++;
		else this.outcomes.set(outcome.result, { first: outcome, count: 1 });
		if (typeof outcome.result === 'number') this.times.push(outcome.ms);
	}

	/** Whether every request that was sent got a 2xx */
	get isAllTaken(): boolean {
		return this.open === 0 && [...this.outcomes.values()].every(({ first }) => isTaken(first));
	}

	/** How far a run of so many requests is, on one line */
	describeProgress(total: number): string {
		const results = [...this.outcomes].map(([result, { count }]) => `${result}: ${count}`);
		return [`${this.sent} of ${total} sent`, ...results, `${this.open} unanswered`].join(', ');
	}

	/** Counts, times, and how to go on where something was not taken */
	summarize(): string {
		const refused = [...this.outcomes.values()].filter(({ first }) => !isTaken(first));
		const advice = refused.map(({ first }) => `${first.result}: ${explain(first, this.url)}`);
		const lines = [this.describeSent(), ...this.listOutcomes(), ...this.describeTimes()];
		return [lines.join('\n'), ...advice].join('\n\n');
	}

	private get open(): number {
		return this.sent - [...this.outcomes.values()].reduce((sum, { count }) => sum + count, 0);
	}

	private describeSent(): string {
		const seconds = (this.lastSent - this.started) / 1_000;
		const rate =
			seconds > 0 && this.sent > 1 ? `, ${((this.sent - 1) / seconds).toFixed(1)} a second` : '';
		return `${this.sent} sent in ${seconds.toFixed(1)} s${rate}`;
	}

	private listOutcomes(): string[] {
		const rows = [...this.outcomes].map(([result, { count }]) => [String(result), count] as const);
		if (this.open > 0) rows.push(['unanswered', this.open]);
		return rows.map(([result, count]) => `  ${result.padEnd(WIDTH)}${count}`);
	}

	private describeTimes(): string[] {
		if (this.times.length === 0) return [];
		const sorted = this.times.toSorted((a, b) => a - b);
		const at = (share: number) => `${Math.round(percentile(sorted, share))} ms`;
		const late = sorted.filter((time) => time > KOMMO_WAITS).length;
		return [
			`Answers took ${at(0.5)} (median), 95 % of them at most ${at(0.95)}, the slowest ${at(1)}.`,
			`${late} took longer than the ${KOMMO_WAITS / 1_000} s that Kommo waits.${late > 0 && this.url !== DEMO_URL ? FASTER : ''}`,
		];
	}
}

/** How to go on after an outcome that is not 2xx, and what it says of itself */
export function explain(outcome: Outcome, url: string): string {
	const who = typeof outcome.result === 'number' ? 'The answer' : 'The error';
	return `${advise(outcome, url)}${outcome.says && `\n  ${who}: ${outcome.says}`}`;
}
