import { setTimeout as sleep } from 'node:timers/promises';

import type { AccountN8n } from '../support/accountN8n';
import type { Hooked } from '../support/instance';
import { percentile } from '../support/statistics';

/** Between two tries of a new address, in ms */
const PAUSE = 25;

/** Watches a trigger that is published again, as Kommo sees it. */
export class Gaps {
	/** Each time from the removal of the old address to the registration of the new one, in ms */
	readonly unregistered: number[] = [];

	/** Each time from the registration of an address until n8n takes its requests, in ms */
	readonly refusing: number[] = [];

	private readonly trials: Array<Promise<void>> = [];

	private removed?: number;

	constructor(
		private readonly n8n: AccountN8n,
		private readonly hooked: Hooked,
	) {}

	/** How often the trigger was registered anew */
	get count(): number {
		return this.trials.length;
	}

	async watchWhile<T>(work: () => Promise<T>): Promise<T> {
		const { asked } = this.n8n.kommo.webhooks;
		let seen = asked.length;
		const timer = setInterval(() => {
			for (; seen < asked.length; seen++) this.note(asked[seen]!);
		}, 1);
		try {
			return await work();
		} finally {
			clearInterval(timer);
			await Promise.all(this.trials);
		}
	}

	describe(): string[] {
		const figures = (values: number[]) => {
			const sorted = [...values].sort((a, b) => a - b);
			return `median ${percentile(sorted, 0.5)} ms, longest ${percentile(sorted, 1)} ms`;
		};
		if (this.count === 0) return ['registered all the time'];
		return [
			`${this.count} times registered anew`,
			`not registered: ${figures(this.unregistered)}`,
			`then refused: ${figures(this.refusing)}`,
		];
	}

	private note({
		method,
		destination,
		time,
	}: {
		method: string;
		destination: string;
		time: number;
	}) {
		if (!destination.includes(`/${this.hooked.webhookPath}?`)) return;
		if (method === 'DELETE') this.removed = time;
		if (method !== 'POST') return;
		if (this.removed !== undefined) this.unregistered.push(time - this.removed);
		this.trials.push(this.tryUntilTaken(destination, time));
	}

	/** Sends an event that the trigger does not take, so that it starts nothing. Gives up when the address is removed. */
	private async tryUntilTaken(address: string, registered: number): Promise<void> {
		while (this.n8n.kommo.webhooks.at(address).length > 0) {
			const { status } = await this.n8n.postTo(address, 'add_chat_template_review');
			if (status === 200) {
				this.refusing.push(Date.now() - registered);
				return;
			}
			await sleep(PAUSE);
		}
	}
}
