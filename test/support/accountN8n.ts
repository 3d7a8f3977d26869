import type { Execution, RestClient } from '../../scripts/n8n/restClient';
import { makeBody } from '../../scripts/kommo/body';
import { findEvent, type SimulatedEvent } from '../../scripts/kommo/events';
import { postAsKommo } from '../../scripts/kommo/request';
import { chooseVersion } from '../../scripts/n8n/versions';
import { ACCOUNT_TRIGGER, ADMINISTRATOR } from './accountWorkflow';
import type { Hooked, Instance } from './instance';
import type { Delivery } from '../../scripts/kommo/standIn/deliveries';
import type { Webhook } from '../../scripts/kommo/standIn/webhooks';
import type { KommoStandIn } from '../../scripts/kommo/standIn/kommoStandIn';
import { MODEL_CREDENTIAL, MODEL_HOST, type ModelStandIn } from './modelStandIn';
import { PUBLIC_ADDRESS, startWithKommo, type WithKommo } from './withKommo';

const IS_N8N_1 = chooseVersion().number.startsWith('1.');

/**
 * What n8n 2.41 sometimes says on a busy machine: it gives a regular expression in a node's description, such
 * as the OpenAI model's, 250 ms by the clock.
 */
const TIMED_OUT = 'Error validating node parameters';

/** A real n8n at a public address, and the Kommo in which its account triggers register themselves. */
export class AccountN8n {
	private constructor(private readonly running: WithKommo<never>) {}

	/**
	 * @param drafts to import; none is published
	 * @param env environment variables for n8n besides the usual ones
	 * @param model at the address of its API, with a credential for it
	 * @param otherHosts other hosts that get answers
	 * @param credentials besides these
	 */
	static async start(
		drafts: Hooked[],
		env: NodeJS.ProcessEnv = {},
		model?: ModelStandIn,
		otherHosts: Parameters<typeof startWithKommo>[0]['otherHosts'] = {},
		credentials: object[] = [],
	): Promise<AccountN8n> {
		const running = await startWithKommo({
			workflows: {},
			drafts,
			credentials: [ADMINISTRATOR, ...(model ? [MODEL_CREDENTIAL] : []), ...credentials],
			env,
			otherHosts: {
				...otherHosts,
				...(model && { [MODEL_HOST]: async (request) => await model.answer(request) }),
			},
		});
		return new AccountN8n(running);
	}

	async stop(): Promise<void> {
		await this.running.stop();
	}

	get kommo(): KommoStandIn {
		return this.running.kommo;
	}

	get n8n(): Instance<never>['n8n'] {
		return this.running.instance.n8n;
	}

	get rest(): RestClient {
		return this.running.instance.rest;
	}

	/** What the workflow's trigger has registered, the oldest first */
	registrationsOf({ webhookPath }: Hooked): Webhook[] {
		return this.kommo.webhooks.registered.filter(({ destination }) =>
			destination.includes(`/${webhookPath}?`),
		);
	}

	/** Publishes the workflow. Gives its one registration. */
	async publish(workflow: Hooked): Promise<Webhook> {
		const { id } = workflow.workflow;
		await this.rest.publish(id).catch(async (error: Error) => {
			if (!error.message.includes(TIMED_OUT)) throw error;
			await this.rest.publish(id);
		});
		return this.registrationOf(workflow);
	}

	/** @throws if the workflow's trigger has no registration or several */
	registrationOf(workflow: Hooked): Webhook {
		const [registration, ...others] = this.registrationsOf(workflow);
		if (!registration || others.length > 0) {
			throw new Error(`${workflow.workflow.name} has ${others.length + 1} registrations, or none.`);
		}
		return registration;
	}

	/** Saves other nodes and publishes them. n8n 1.x publishes what is saved of an active workflow. */
	async change({ workflow }: Hooked, nodes: object[], connections?: object): Promise<void> {
		await this.rest.saveNodes(workflow.id, nodes, connections);
		if (!IS_N8N_1) await this.rest.publish(workflow.id);
	}

	/** Listens for a test event as the editor does. Gives the one registration. */
	async listen(workflow: Hooked): Promise<Webhook> {
		await this.rest.listen(workflow.workflow.id, ACCOUNT_TRIGGER);
		return this.registrationOf(workflow);
	}

	async unpublish({ workflow }: Hooked): Promise<void> {
		await this.rest.unpublish(workflow.id);
	}

	/** Posts an event to an address that begins as n8n's public one. Gives the status, and the message if there is one. */
	async postTo(
		address: string,
		event = 'add_message',
	): Promise<{ status: number; message?: string }> {
		const body = makeBody(findEvent(event)!);
		const response = await postAsKommo(address.replace(PUBLIC_ADDRESS, this.n8n.url), body);
		const text = await response.text();
		const { message } = (text ? JSON.parse(text) : {}) as { message?: string };
		return { status: response.status, message };
	}

	/** Lets an event happen in Kommo. Gives its delivery to the workflow, and the execution that it started. */
	async receive(
		workflow: Hooked,
		event: string | SimulatedEvent,
		id?: number,
	): Promise<{ delivery: Delivery | undefined; execution: Execution }> {
		const [last] = await this.rest.listExecutions(workflow.workflow.id);
		const { destination } = this.registrationOf(workflow);
		const deliveries = await this.kommo.deliveries.happen(event, { id });
		const execution = await this.rest.waitForExecution(workflow.workflow.id, last?.id);
		return {
			delivery: deliveries.find((delivery) => delivery.destination === destination),
			execution,
		};
	}
}

/** The items that left the trigger, by the node behind its output */
export function branchesOf({ nodes }: Execution): Record<string, unknown> {
	const { [ACCOUNT_TRIGGER]: outputs, ...branches } = nodes;
	void outputs;
	return Object.fromEntries(Object.entries(branches).map(([node, [items]]) => [node, items]));
}
