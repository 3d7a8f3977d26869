import { setTimeout as sleep } from 'node:timers/promises';

import type { Workflow } from '../../scripts/n8n/example';
import type { RestClient } from '../../scripts/n8n/restClient';
import { readExecutions, type Recorded } from '../support/executions';
import { Instance } from '../support/instance';
import { KommoStandIn } from '../support/kommoStandIn';
import { POLLING_TRIGGER, USER_CREDENTIAL } from '../support/pollingWorkflow';
import { SANDBOX_ON_DEMAND } from '../support/workflows';

/** n8n polls every minute, and when it starts. */
export const NEXT_POLL = 90_000;

/** A real n8n, and the Kommo that its polling triggers ask. The events have leads of their own. */
export class PollingN8n {
	private constructor(
		readonly kommo: KommoStandIn,
		private readonly instance: Instance<never>,
	) {}

	/**
	 * @param workflows to import; none is published
	 * @param env environment variables for n8n besides the usual ones
	 */
	static async start(workflows: Workflow[], env: NodeJS.ProcessEnv = {}): Promise<PollingN8n> {
		let kommo: KommoStandIn | undefined;
		try {
			const instance = await Instance.start({
				workflows: {},
				drafts: workflows.map((workflow) => ({ workflow, webhookPath: '' })),
				credentials: [USER_CREDENTIAL],
				async prepareEnv(folder) {
					kommo = await KommoStandIn.start(folder);
					return { ...kommo.env, ...SANDBOX_ON_DEMAND, ...env };
				},
			});
			return new PollingN8n(kommo!, instance);
		} catch (error) {
			await kommo?.stop();
			throw error;
		}
	}

	async stop(): Promise<void> {
		await this.instance.stop();
		await this.kommo.stop();
	}

	get rest(): RestClient {
		return this.instance.rest;
	}

	get log(): string {
		return this.instance.n8n.log;
	}

	/** Stops n8n as an operator does, or kills it, and starts it again. */
	async restart({ kill = false } = {}): Promise<void> {
		await (kill ? this.instance.n8n.kill() : this.instance.n8n.stop());
		await this.instance.n8n.start();
	}

	/** The executions of the workflow, the oldest first */
	async executionsOf({ id }: Workflow): Promise<Recorded[]> {
		return await readExecutions(this.rest, id, POLLING_TRIGGER);
	}

	/** The leads of the events that the workflow was given, in their order */
	async leadsOf(workflow: Workflow): Promise<number[]> {
		return (await this.executionsOf(workflow)).flatMap(({ leads }) => leads);
	}

	/** Waits until the workflow has been given an event of that lead. */
	async waitForLead(workflow: Workflow, lead: number): Promise<void> {
		await this.waitUntil(`event of lead ${lead}`, async () =>
			(await this.leadsOf(workflow)).includes(lead),
		);
	}

	async waitUntil(what: string, isSo: () => Promise<boolean>): Promise<void> {
		for (const deadline = Date.now() + NEXT_POLL; Date.now() < deadline; await sleep(500)) {
			if (await isSo()) return;
		}
		throw new Error(`There was no ${what} within ${NEXT_POLL} ms`);
	}

	/** How often Kommo was asked for events since the last call */
	takeRequests(): number {
		return this.kommo.takePaths().filter((path) => path === '/api/v4/events').length;
	}
}
