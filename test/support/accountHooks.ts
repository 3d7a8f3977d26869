import { randomUUID } from 'node:crypto';

import type { IDataObject, IHookFunctions, IHttpRequestOptions } from 'n8n-workflow';

import {
	checkRegistration,
	createRegistration,
	deleteRegistration,
} from '../../nodes/KommoAccountTrigger/registration/registration';
import { toResponse } from '../../scripts/kommo/standIn/answers';
import type { Webhooks } from '../../scripts/kommo/standIn/webhooks';

const HOOKS = {
	checkExists: checkRegistration,
	create: createRegistration,
	delete: deleteRegistration,
};

/** What the account trigger's webhook methods find when n8n calls them */
export interface HookSetup {
	/** The node's name */
	name?: string;
	url: string;
	events: readonly string[];
	additionalEvents?: string;
	/** The account in the credential, e.g. `acme` */
	account: string;
	staticData: IDataObject;
	activation?: 'activate' | 'init';
}

/** n8n as the account trigger's webhook methods know it, in front of the webhooks of Kommo's accounts. */
export class AccountHooks {
	/** What the trigger has written to n8n's log */
	readonly warnings: string[] = [];

	/** The methods of the requests to Kommo, in order */
	readonly asked: string[] = [];

	/** In the node's name, so that the trigger finds nothing that it remembers of earlier tests */
	private readonly id = randomUUID();

	/** @param accounts by the account's host */
	constructor(private readonly accounts: Record<string, Webhooks>) {}

	async call(hook: keyof typeof HOOKS, setup: HookSetup): Promise<boolean> {
		const { name = 'Trigger', url, events, additionalEvents, account, staticData } = setup;
		const parameters: Record<string, unknown> = {
			authentication: 'accessToken',
			events,
			options: { additionalEvents },
		};
		const context = {
			getNode: () => ({ name: `${name} ${this.id}`, type: 'kommoAccountTrigger', parameters }),
			getNodeParameter: (name: string, fallback: unknown) => parameters[name] ?? fallback,
			getNodeWebhookUrl: () => url,
			getCredentials: async () => ({ account }),
			getWorkflowStaticData: () => staticData,
			getActivationMode: () => setup.activation ?? 'activate',
			getMode: () => 'trigger',
			logger: { warn: (message: string) => this.warnings.push(message) },
			helpers: {
				httpRequestWithAuthentication: async (_type: string, request: IHttpRequestOptions) =>
					this.answer(request),
			},
		};
		return (await HOOKS[hook](context as unknown as IHookFunctions)) ?? true;
	}

	private answer({ method = 'GET', url, body }: IHttpRequestOptions) {
		this.asked.push(method);
		const webhooks = this.accounts[new URL(url).host];
		return toResponse(webhooks?.answer({ method, body }));
	}
}
