import type {
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { accessTokenTest } from '../shared/api/accessTokenTest';
import { now } from '../shared/api/deadline';
import type { Refusal } from '../shared/receiving/refusal';
import { subtitle } from '../shared/panel/eventParameters';
import { searchPipelines } from '../shared/listSearch/searchPipelines';
import { searchStages } from '../shared/listSearch/searchStages';
import { receive, refuse } from '../shared/receiving/receive';
import { isTokenValid } from '../shared/receiving/token';
import { outputsExpression } from '../shared/routing/outputs';
import { properties } from './description';
import { CHOICES, codesOf } from './events';
import { listening, published, triggerPanel } from './firstEvent';
import { hints } from './hints';
import {
	checkRegistration,
	createRegistration,
	deleteRegistration,
} from './registration/registration';
import { recall, tokenOf } from './registration/remembered';

const UNKNOWN_TOKEN: Refusal = {
	status: 401,
	message:
		'The token in the URL is missing or is not the one that this trigger registered in Kommo. To register its own again, unpublish the workflow and publish it again.',
};

/** For example after an import of an old export, which brings old static data along */
const STALE =
	"a request without this trigger's token was refused (401). If Kommo sent it, n8n remembers an old registration, for example after an import. Unpublish the workflow and publish it again.";

export class KommoAccountTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kommo Account Trigger',
		name: 'kommoAccountTrigger',
		icon: { light: 'file:kommoAccount.svg', dark: 'file:kommoAccount.dark.svg' },
		group: ['trigger'],
		// With version 1, n8n looks for the options of its own old Webhook node at every request.
		version: 1.1,
		subtitle: subtitle(CHOICES),
		description:
			'Starts the workflow on chat messages, leads, contacts and more, anywhere in Kommo',
		eventTriggerDescription: listening,
		activationMessage: published,
		triggerPanel,
		builderHint: {
			searchHint:
				'Use it for chat messages with their text (WhatsApp, Instagram, Telegram) and for whole records. It registers itself in Kommo. Each event in Trigger On has its own output, in the order of choosing.',
		},
		defaults: { name: 'Kommo Account Trigger' },
		hints,
		inputs: [],
		outputs: outputsExpression(CHOICES),
		credentials: [
			{
				name: 'kommoPipelineAccessTokenApi',
				required: true,
				testedBy: 'accessTokenTest',
				displayOptions: { show: { authentication: ['accessToken'] } },
			},
			{
				name: 'kommoPipelineOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: 'noData',
				path: 'kommo',
			},
		],
		properties,
	};

	methods = {
		listSearch: { searchPipelines, searchStages },
		credentialTest: { accessTokenTest },
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await checkRegistration(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await createRegistration(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await deleteRegistration(this);
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const received = now();
		const { token } = this.getQueryData() as { token?: unknown };
		// The serial does not matter: Kommo may try an earlier address again for 95 minutes.
		if (!isTokenValid(token, tokenOf(recall(this)))) {
			this.logger.warn(`${this.getNode().name}: ${STALE}`);
			return refuse(this, UNKNOWN_TOKEN);
		}
		return await receive(this, received, codesOf);
	}
}
