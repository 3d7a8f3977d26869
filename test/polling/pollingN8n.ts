import { setTimeout as sleep } from 'node:timers/promises';

import type { Workflow } from '../../scripts/n8n/example';
import type { RestClient } from '../../scripts/n8n/restClient';
import { until } from '../../scripts/n8n/until';
import { readExecutions, type Recorded } from '../support/executions';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { POLLING_TRIGGER, USER_CREDENTIAL } from '../support/pollingWorkflow';
import { startWithKommo, type OtherHosts, type WithKommo } from '../support/withKommo';
import { takeOver } from './backlog';

/** n8n polls every minute, and when it starts. */
const NEXT_POLL = 90_000;

/** A real n8n, and the Kommo that its polling triggers ask. Each event has its own lead. */
export class PollingN8n {
	private constructor(private readonly running: WithKommo<never>) {}

	/**
	 * @param workflows to import; none is published
	 * @param settings of n8n, as environment variables
	 * @param otherHosts that n8n reaches besides Kommo
	 */
	static async start(
		workflows: Workflow[],
		settings = {},
		otherHosts: OtherHosts = {},
	): Promise<PollingN8n> {
		const drafts = workflows.map((workflow) => ({ workflow, webhookPath: '' }));
		const credentials = [USER_CREDENTIAL];
		await takeOver(workflows);
		const setup = { workflows: {}, drafts, credentials, env: settings, otherHosts };
		return new PollingN8n(await startWithKommo(setup));
	}

	async stop(): Promise<void> {
		await this.running.stop();
	}

	get kommo(): KommoStandIn {
		return this.running.kommo;
	}

	get rest(): RestClient {
		return this.running.instance.rest;
	}

	get log(): string {
		return this.running.instance.n8n.log;
	}

	/** Stops n8n as an operator does, or kills it, and starts it again. */
	async restart({ kill = false } = {}): Promise<void> {
		await (kill ? this.running.instance.n8n.kill() : this.running.instance.n8n.stop());
		await this.running.instance.n8n.start();
	}

	/** The executions of the workflow, the oldest first */
	async executionsOf({ id }: Workflow): Promise<Recorded[]> {
		return await readExecutions(this.rest, id, POLLING_TRIGGER);
	}

	/** The leads of the events that the workflow got, in their order */
	async leadsOf(workflow: Workflow): Promise<number[]> {
		return (await this.executionsOf(workflow)).flatMap(({ leads }) => leads);
	}

	/** Waits until the workflow has got an event of that lead. */
	async waitForLead(workflow: Workflow, lead: number): Promise<void> {
		await this.waitUntil(`event of lead ${lead}`, async () =>
			(await this.leadsOf(workflow)).includes(lead),
		);
	}

	/** Waits until the workflow has got an event of that lead, or a poll gave nothing. */
	async waitForTheEnd(workflow: Workflow, lead: number): Promise<void> {
		let polls = 0;
		let deadline = Date.now() + NEXT_POLL;
		while (Date.now() < deadline) {
			const executions = await this.executionsOf(workflow).catch(() => []);
			if (executions.some(({ leads }) => leads.includes(lead))) return;
			if (executions.length > polls) deadline = Date.now() + NEXT_POLL;
			polls = Math.max(polls, executions.length);
			await sleep(1_000);
		}
	}

	/** Waits until a condition is true after the next poll. */
	async waitUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
		// n8n 1.x cannot read an execution that it is about to record.
		const isSoYet = async () => await isSo().catch(() => false);
		await until(async () => (await isSoYet()) || undefined, what, NEXT_POLL);
	}

	/** How often Kommo was asked for events since the last call */
	takeRequests(): number {
		return this.kommo.takePaths().filter((path) => path === '/api/v4/events').length;
	}
}
